// A short tone and a shake, where the tablet can: two for the end, one before it.

let sound = null;

export function chime(isEnd) {
  navigator.vibrate?.(isEnd ? [300, 150, 300] : 200);
  try {
    sound ??= new AudioContext();
    sound.resume();
    tone(0);
    if (isEnd) tone(0.4);
  } catch {
    // A tablet without sound still shows the time.
  }
}

function tone(after) {
  const [voice, volume, at] = [sound.createOscillator(), sound.createGain(), sound.currentTime + after];
  volume.gain.value = 0.2;
  voice.connect(volume).connect(sound.destination);
  voice.start(at);
  voice.stop(at + 0.25);
}
