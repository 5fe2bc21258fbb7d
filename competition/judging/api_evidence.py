"""What a tablet adds to its marks: the bytes of photos in, the own signature and notes out. Never another seat's."""

import uuid

from flask import g, request
from flask_babel import gettext as _
from spectree import Response as Answers

from competition.core.access import act
from competition.core.clock import now
from competition.core.errors import RuleBroken
from competition.core.limits import limiter
from competition.judging import queries_evidence as evidence
from competition.judging import queries_tablet as tablet
from competition.judging import schemas, schemas_evidence, service
from competition.judging.api import DEVICE, REFUSALS, blueprint, check_live, spec, this_device
from competition.judging.rules_evidence import MOST_PHOTO_BYTES

# Of one tablet: many more than a judge takes, also when a day's photos come at once. A tablet that hears 429 waits and goes on.
PHOTOS = "60 per minute; 600 per hour"


@blueprint.put("/judging/photos/<uuid:photo_id>")
@spec.validate(resp=Answers(HTTP_200=schemas_evidence.PhotoOut, HTTP_404=schemas.ErrorOut, HTTP_413=schemas.ErrorOut,
                             HTTP_429=schemas.ErrorOut, **REFUSALS),
               security=DEVICE, tags=["tablet"])
@act("judging.mark")
@limiter.limit(PHOTOS, key_func=lambda: f"photos {g.device_id}")
def photo(photo_id: uuid.UUID) -> schemas_evidence.PhotoOut:
    """Take the bytes (image/jpeg, at most 2 MB) of a photo whose event was taken. Sending them again changes nothing."""
    evidence.announced(g.device_id, photo_id)
    if request.mimetype != "image/jpeg":
        raise RuleBroken(_("只接受 JPG 照片。"), code="photo.kind", status=415)
    if (request.content_length or 0) > MOST_PHOTO_BYTES:
        raise RuleBroken(_("照片超过 %(n)d MB，没有上传。", n=MOST_PHOTO_BYTES // 1024 // 1024), code="photo.large", status=413)
    event = service.keep_photo(g.device_id, photo_id, request.get_data(cache=False), at=now())
    return schemas_evidence.PhotoOut(uuid=event.id, hash=event.value)


@blueprint.get("/judging/works/<uuid:work_id>/own")
@spec.validate(resp=Answers(HTTP_200=schemas_evidence.OwnOut, HTTP_409=schemas.ErrorOut, **REFUSALS), security=DEVICE, tags=["tablet"])
@act("judging.mark")
def own(work_id: uuid.UUID) -> schemas_evidence.OwnOut:
    """The signature, comments and photos of the own seat for one work: for a tablet that took over."""
    device = this_device()
    check_live(device, now())
    evidence.check_own(device.seat.panel_id, work_id)
    return tablet.own(device.seat_id, work_id)
