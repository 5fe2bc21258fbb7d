"""The verbs of this room: announcements and messages."""

from competition.notices.service_messages import deliver as deliver
from competition.notices.service_messages import read_all as read_all
from competition.notices.service_messages import read_message as read_message
from competition.notices.service_messages import tell as tell
