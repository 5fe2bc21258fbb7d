"""The verbs of this room: announcements and messages."""

from competition.notices.service_messages import deliver as deliver
from competition.notices.service_messages import read_all as read_all
from competition.notices.service_messages import read_message as read_message
from competition.notices.service_messages import tell as tell
from competition.notices.service_notices import attach_file as attach_file
from competition.notices.service_notices import correct_notice as correct_notice
from competition.notices.service_notices import discard_draft as discard_draft
from competition.notices.service_notices import load_public as load_public
from competition.notices.service_notices import publish_notice as publish_notice
from competition.notices.service_notices import remove_attachment as remove_attachment
from competition.notices.service_notices import save_notice as save_notice
