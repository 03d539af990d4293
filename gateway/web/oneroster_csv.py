"""A district's roster as one OneRoster CSV package, for an application's token."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from flask import Blueprint, Response, request

from gateway.services.oidc.house import House
from gateway.services.oidc.machine_grant import application_of
from gateway.services.oneroster.csv_out import CsvOut, since_of
from gateway.services.oneroster.operations import WHOLE
from gateway.web.oneroster_status import status_of
from providers.contract import Failure

_PIECE: Final = 256 * 1024


def csv_endpoints(csv_out: CsvOut, house: House) -> Blueprint:
    """Return the endpoint. Failures are OneRoster's error body."""
    endpoints = Blueprint("oneroster_csv", __name__, url_prefix="/ims/oneroster/csv/v1p2")
    endpoints.register_error_handler(Failure, status_of)

    @endpoints.get("/oneroster.zip")
    def package() -> Response:
        application = application_of(house, request.headers.get("Authorization"), WHOLE)
        since = since_of(request.args)
        with tempfile.TemporaryDirectory(prefix="schoolgate-csv-") as folder:
            path = Path(folder, "oneroster.zip")
            csv_out.write(application, path, since=since)
            file = path.open("rb")  # open, it outlives its folder
        answer = Response(_pieces(file), mimetype="application/zip")
        answer.headers["Content-Disposition"] = "attachment; filename=oneroster.zip"
        answer.call_on_close(file.close)
        return answer

    return endpoints


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece
