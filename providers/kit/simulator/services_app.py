"""The addresses of a simulated platform's services: tokens, class members, line items, scores, results."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, make_response, request
from flask.typing import ResponseReturnValue

from providers.kit.lti.ags import LINE_ITEM, LINE_ITEM_READ, LINE_ITEM_TYPE, RESULT_READ, SCORE, SCORE_TYPE
from providers.kit.lti.course_groups import GROUPS_TYPE, SETS_TYPE
from providers.kit.lti.course_groups import SCOPE as GROUPS
from providers.kit.lti.nrps import MEDIA_TYPE, SCOPE
from providers.kit.lti.pns import SCOPE as NOTICE_HANDLERS
from providers.kit.simulator.gradebook import Column
from providers.kit.simulator.lti_platform import SimulatedPlatform
from providers.kit.simulator.people import COURSES, Course
from providers.kit.simulator.services import MARK

# Curly quotes, as their octets look in a header.
_OPENED, _CLOSED = (quote.encode().decode("latin-1") for quote in "“”")
View = Callable[..., ResponseReturnValue]


def service_endpoints(platform: SimulatedPlatform) -> Blueprint:
    """Return the services as a part of the platform's web application."""
    endpoints = Blueprint("services", __name__)
    _add_tokens(endpoints, platform)
    _add_members(endpoints, platform)
    _add_groups(endpoints, platform)
    _add_notice_handlers(endpoints, platform)
    _add_line_items(endpoints, platform)
    _add_scores(endpoints, platform)
    return endpoints


def _guarded(platform: SimulatedPlatform, place: str, *scopes: str) -> Callable[[View], View]:
    """Count the request, let planned faults strike, and ask for an access token with one of the scopes."""
    services = platform.services

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(**parts: Any) -> ResponseReturnValue:
            platform.requests[place] += 1
            if platform.switches.services_user_agent_needed and not request.headers.get("User-Agent"):
                return {"error": "Forbidden", "message": "no valid user agent"}, 403
            fault = services.faults.strike(place)
            if fault is None or fault.is_after:
                status = services.tokens.allows(request.headers.get("Authorization", ""), scopes) if scopes else 200
                answer: ResponseReturnValue = view(**parts) if status == 200 else ({"error": "refused"}, status)
                if fault is None:
                    return answer
            return fault.text, fault.status, {"Retry-After": fault.retry_after} if fault.retry_after else {}

        return guarded

    return wrap


def _add_tokens(endpoints: Blueprint, platform: SimulatedPlatform) -> None:
    @endpoints.post(platform.paths.token)
    @_guarded(platform, "token")
    def token() -> ResponseReturnValue:
        if request.mimetype != "application/x-www-form-urlencoded":
            return {"error": "invalid_request"}, 400
        address = platform.config.home + platform.paths.token
        status, told = platform.services.tokens.issue(request.form, address, platform.switches)
        return told, status


def _add_members(endpoints: Blueprint, platform: SimulatedPlatform) -> None:
    services = platform.services

    @endpoints.get(platform.paths.members.format(course="<int:number>"))
    @_guarded(platform, "members", SCOPE)
    def members(number: int) -> ResponseReturnValue:
        course = _course(number)
        if not request.args.get("page", MARK).startswith(MARK):
            abort(404)  # somebody changed the case of our mark
        if request.args.get("rlid") not in {None, platform.resource_link(course)["id"]}:
            abort(403)
        page, more, differences = services.members(course, request.args)
        if not platform.switches.members_envelope:
            return jsonify({"id": request.url})
        context = {"id": platform.context_id(course), "label": course.code, "title": course.title}
        answer = jsonify({"id": request.url, "context": context, "members": page})
        answer.content_type = MEDIA_TYPE
        links = [_link(platform, request.base_url, more, "next")] if more else []
        links += [_link(platform, request.base_url, differences, "differences")] if differences else []
        return _with_links(answer, links, platform)


def _link(platform: SimulatedPlatform, base: str, query: str, relation: str) -> str:
    match platform.switches.members_next:
        case "relative":
            return f'<{urlsplit(base).path}?{query}>; rel="{relation}"'
        case "unquoted":
            return f"<{base}?{query}>; rel={relation}"
        case "typographic":  # one platform's containers: curly quotes, and the address as HTML
            return f"<{base}?{query.replace('&', '&amp;')}>; rel={_OPENED}{relation}{_CLOSED}"
        case _:
            return f'<{base}?{query}>; rel="{relation}"'


def _with_links(answer: Response, links: list[str], platform: SimulatedPlatform) -> Response:
    if links:
        answer.headers[platform.switches.link_header] = ", ".join(links)
    return answer


def _add_groups(endpoints: Blueprint, platform: SimulatedPlatform) -> None:
    @endpoints.get(platform.paths.groups.format(course="<int:number>"))
    @_guarded(platform, "groups", GROUPS)
    def groups(number: int) -> ResponseReturnValue:
        listed, start = platform.groups.records(_course(number)), int(request.args.get("page", 0))
        more = start + platform.switches.groups_page
        answer = jsonify({"id": request.base_url, "groups": listed[start:more]})
        answer.content_type = GROUPS_TYPE
        links = [_link(platform, request.base_url, f"page={more}", "next")] if more < len(listed) else []
        return _with_links(answer, links, platform)

    @endpoints.get(platform.paths.group_sets.format(course="<int:number>"))
    @_guarded(platform, "group_sets", GROUPS)
    def group_sets(number: int) -> ResponseReturnValue:
        _course(number)
        answer = jsonify({"id": request.base_url, "sets": platform.groups.sets})
        answer.content_type = SETS_TYPE
        return answer


def _add_notice_handlers(endpoints: Blueprint, platform: SimulatedPlatform) -> None:
    @endpoints.get(platform.paths.notice_handlers)
    @_guarded(platform, "notice_handlers", NOTICE_HANDLERS)
    def notice_handlers() -> ResponseReturnValue:
        return jsonify(platform.notices.catalogue())

    @endpoints.put(platform.paths.notice_handlers)
    @_guarded(platform, "notice_handlers", NOTICE_HANDLERS)
    def put_handler() -> ResponseReturnValue:
        status, told = platform.notices.put(request.get_json(silent=True))
        return jsonify(told), status


def _add_line_items(endpoints: Blueprint, platform: SimulatedPlatform) -> None:
    services = platform.services
    path = platform.paths.line_items.format(course="<int:number>")

    @endpoints.get(path)
    @_guarded(platform, "line_items", LINE_ITEM, LINE_ITEM_READ)
    def line_items(number: int) -> ResponseReturnValue:
        course, switches = _course(number), platform.switches
        found = services.gradebook.of_course(course, request.args, switches)
        start = int(request.args.get("page", 0))
        page = found[start : start + switches.line_items_page]
        answer = jsonify([services.line_item(column) for column in page])
        kept = "".join(f"&{name}={value}" for name, value in request.args.items() if name != "page")
        more = start + len(page)
        links = [_link(platform, request.base_url, f"page={more}{kept}", "next")] if more < len(found) else []
        return _with_links(answer, links, platform)

    @endpoints.post(path)
    @_guarded(platform, "line_items", LINE_ITEM)
    def make(number: int) -> ResponseReturnValue:
        if request.content_type != LINE_ITEM_TYPE:
            return {"errors": {"message": "Content-Type"}}, 400
        course = _course(number)
        own_link = str(platform.resource_link(course)["id"])
        body = request.get_json(force=True)
        status, made = services.gradebook.make(course, body, own_link, platform.switches)
        return jsonify(services.line_item(made) if isinstance(made, Column) else made), status

    @endpoints.get(f"{path}/<item>")
    @_guarded(platform, "line_items", LINE_ITEM, LINE_ITEM_READ)
    def line_item(number: int, item: str) -> ResponseReturnValue:
        return jsonify(services.line_item(_column(platform, number, item)))


def _add_scores(endpoints: Blueprint, platform: SimulatedPlatform) -> None:
    services = platform.services
    path = f"{platform.paths.line_items.format(course='<int:number>')}/<item>"

    @endpoints.post(f"{path}/scores")
    @_guarded(platform, "scores", SCORE)
    def scores(number: int, item: str) -> ResponseReturnValue:
        if request.content_type != SCORE_TYPE:
            return {"errors": {"message": "Content-Type"}}, 400
        column, body = _column(platform, number, item), request.get_json(force=True)
        is_known = services.is_member(_course(number), str(body.get("userId")))
        status, told = services.gradebook.score(column, body, is_known=is_known, switches=platform.switches)
        return make_response("" if told is None else jsonify(told), status)

    @endpoints.get(f"{path}/results")
    @_guarded(platform, "results", RESULT_READ)
    def results(number: int, item: str) -> ResponseReturnValue:
        column = _column(platform, number, item)
        return jsonify(services.gradebook.results(column, request.args.get("user_id"), platform.switches))


def _course(number: int) -> Course:
    if number not in COURSES:
        abort(404)
    return COURSES[number]


def _column(platform: SimulatedPlatform, number: int, item: str) -> Column:
    column = platform.services.gradebook.columns.get(item)
    if column is None or column.course != number:
        abort(404)
    return column
