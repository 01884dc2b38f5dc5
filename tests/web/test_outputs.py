"""Outputs over HTTP: JSON, picture, thumbnail, download, ZIP; and 404 for everybody else."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from frameapp.models import Output
from frameapp.services import archive, outputs
from frameapp.services.accounts import Viewer
from frameapp.services.application import Application
from frameapp.web.answers import attachment
from frameapp.web.outputs import LARGEST_FORM
from tests.outputs import add_frame, add_outputs, lose_picture, picture
from tests.web.conftest import Connect


@pytest.fixture
def frame_id(app: Application, anna: Viewer) -> int:
    return add_frame(app, anna)


@pytest.fixture
def ids(app: Application, frame_id: int) -> list[int]:
    return add_outputs(app, frame_id, ["SKU 1", 'x"\r\nSet-Cookie: a=b', "../../etc/passwd", "größe"], failed=[2])


async def test_the_json_has_the_shape_of_the_reference(
    frame_id: int, ids: list[int], anna: Viewer, connect: Connect
) -> None:
    client = connect(anna)
    answer = await client.get(f"/frame/{frame_id}/outputs-ajax/", params={"draw": "3", "start": "2", "length": "2"})
    assert answer.status_code == 200
    found = answer.json()
    assert (found["draw"], found["recordsTotal"], found["recordsFiltered"]) == (3, 4, 4)
    failed, done = found["data"]
    assert failed == {
        "id": ids[2],
        "product_id": "../../etc/passwd",
        "title": "Title 2",
        "state": "failed",
        "reason": "The picture has 0 bytes.",
        "width": 0,
        "height": 0,
        "bytes": 0,
        "format": "",
        "picture_url": "",
        "thumbnail_url": "",
        "download_url": "",
    }
    for name in ("picture_url", "thumbnail_url", "download_url"):
        assert (await client.get(done[name])).status_code == 200
    found = (await client.get(f"/frame/{frame_id}/outputs-ajax/", params={"search": "SKU"})).json()
    assert (found["recordsTotal"], found["recordsFiltered"], len(found["data"])) == (4, 1, 1)
    found = (await client.get(f"/frame/{frame_id}/outputs-ajax/", params={"search[value]": "sku"})).json()
    assert found["recordsFiltered"] == 1


@pytest.mark.parametrize("wrong", [{"start": "-1"}, {"start": "x"}, {"length": "9" * 30}, {"draw": "<b>"}])
async def test_wrong_numbers_are_refused_as_json(
    frame_id: int, anna: Viewer, connect: Connect, wrong: dict[str, str]
) -> None:
    answer = await connect(anna).get(f"/frame/{frame_id}/outputs-ajax/", params=wrong)
    assert answer.status_code == 400
    assert "whole number" in answer.json()["error"]


async def test_a_picture_is_served_to_be_kept_forever(
    ids: list[int], anna: Viewer, connect: Connect, app: Application
) -> None:
    row = outputs.refreshed(app, anna, 1, ids[:1]).rows[0]
    answer = await connect(anna).get(row.picture_path)
    assert answer.content == picture()
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_thumbnail_is_small_and_made_once(
    app: Application, ids: list[int], anna: Viewer, connect: Connect
) -> None:
    row = outputs.refreshed(app, anna, 1, ids[:1]).rows[0]
    client = connect(anna)
    answer = await client.get(row.thumbnail_path)
    assert answer.status_code == 200
    assert len(answer.content) <= 20_000
    assert "immutable" in answer.headers["cache-control"]
    assert max(Image.open(BytesIO(answer.content)).size) <= 320
    assert Image.open(BytesIO(answer.content)).get_format_mimetype() == answer.headers["content-type"]
    lose_picture(app, ids[0])
    assert (await client.get(row.thumbnail_path)).content == answer.content
    assert (await client.get(row.picture_path)).status_code == 404


async def test_an_older_address_leads_to_the_present_picture(
    app: Application, ids: list[int], anna: Viewer, connect: Connect
) -> None:
    row = outputs.refreshed(app, anna, 1, ids[:1]).rows[0]
    with app.database.write() as session:
        session.get_one(Output, ids[0]).key = "public/1/new.jpg"
    app.storage.put("public/1/new.jpg", picture(30))
    for path in (row.picture_path, row.thumbnail_path):
        answer = await connect(anna).get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (307, "no-store")
        assert answer.headers["location"].endswith("/new.jpg")


async def test_a_download_has_a_name_that_no_header_breaks(
    frame_id: int, ids: list[int], anna: Viewer, connect: Connect
) -> None:
    client = connect(anna)
    answer = await client.get(f"/frame/{frame_id}/outputs/{ids[1]}/download")
    assert answer.content == picture()
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"].startswith('attachment; filename="x-Set-Cookie-a=b.jpg"')
    answer = await client.get(f"/frame/{frame_id}/outputs/{ids[3]}/download")
    disposition = answer.headers["content-disposition"]
    assert disposition == "attachment; filename=\"gr__e.jpg\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.jpg"
    assert (await client.get(f"/frame/{frame_id}/outputs/{ids[2]}/download")).status_code == 404


def test_an_attachment_name_is_quoted() -> None:
    assert attachment('a"b\\c%d;é') == "attachment; filename=\"a_b_c_d;_\"; filename*=UTF-8''a%22b%5Cc%25d%3B%C3%A9"


async def test_the_zip_is_of_all_matching_or_named(
    frame_id: int, ids: list[int], anna: Viewer, connect: Connect
) -> None:
    client = connect(anna)
    answer = await client.get(f"/frame/{frame_id}/outputs.zip")
    assert answer.headers["content-disposition"].startswith('attachment; filename="Summer-sale.zip"')
    assert "content-length" not in answer.headers
    assert zipfile.ZipFile(BytesIO(answer.content)).namelist() == ["SKU-1.jpg", "x-Set-Cookie-a=b.jpg", "größe.jpg"]
    answer = await client.post(f"/frame/{frame_id}/outputs.zip", data={"ids": f"{ids[0]},{ids[2]}"})
    assert answer.headers["content-disposition"].startswith('attachment; filename="Summer-sale.zip"')
    assert zipfile.ZipFile(BytesIO(answer.content)).namelist() == ["SKU-1.jpg"]
    answer = await client.get(f"/frame/{frame_id}/outputs.zip", params={"search": "x", "state": "done"})
    assert zipfile.ZipFile(BytesIO(answer.content)).namelist() == ["x-Set-Cookie-a=b.jpg"]
    assert (await client.post(f"/frame/{frame_id}/outputs.zip", data={"ids": "1,x"})).status_code == 400
    assert (await client.get(f"/frame/{frame_id}/outputs.zip", params={"state": "lost"})).status_code == 400


async def test_as_many_may_be_named_as_no_address_could_hold(
    frame_id: int, ids: list[int], anna: Viewer, connect: Connect
) -> None:
    client, address = connect(anna), f"/frame/{frame_id}/outputs.zip"
    most = [*ids, *range(10**9, 10**9 + archive.MOST_IDS - len(ids))]
    answer = await client.post(address, data={"ids": ",".join(map(str, most))})
    assert len(zipfile.ZipFile(BytesIO(answer.content)).namelist()) == 3
    for too_many in (",".join(map(str, [*most, 1])), "1," * LARGEST_FORM):
        answer = await client.post(address, data={"ids": too_many})
        assert (answer.status_code, answer.text) == (400, archive.TOO_MANY)


async def test_another_sites_page_posts_for_no_zip(
    frame_id: int, ids: list[int], anna: Viewer, connect: Connect
) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    answer = await connect(anna).post(f"/frame/{frame_id}/outputs.zip", data={"ids": f"{ids[0]}"}, headers=headers)
    assert answer.status_code == 403


async def test_nobody_else_gets_anything(
    app: Application, frame_id: int, ids: list[int], anna: Viewer, bert: Viewer, connect: Connect
) -> None:
    own = add_frame(app, bert)
    row = outputs.refreshed(app, anna, frame_id, ids[:1]).rows[0]
    paths = [
        row.picture_path,
        row.thumbnail_path,
        row.download_path,
        f"/frame/{own}/outputs/{ids[0]}/download",
        f"/frame/{frame_id}/outputs.zip",
        f"/frame/{frame_id}/outputs-ajax/",
    ]
    for viewer in (bert, None):
        client = connect(viewer)
        for path in paths:
            answer = await client.get(path)
            assert answer.status_code == 404, path
            assert "SKU" not in answer.text
        answer = await client.post(f"/frame/{frame_id}/outputs.zip", data={"ids": f"{ids[0]}"})
        assert answer.status_code == 404
    answer = await connect(bert).post(f"/frame/{own}/outputs.zip", data={"ids": f"{ids[0]}"})
    assert zipfile.ZipFile(BytesIO(answer.content)).namelist() == []


@pytest.mark.parametrize("number", ["0", "9999999999", "9" * 5000, "²", "-1", "x"])
async def test_a_number_that_no_database_holds_is_not_found(anna: Viewer, connect: Connect, number: str) -> None:
    client = connect(anna)
    for path in (f"/frame/{number}/outputs-ajax/", f"/files/thumb/{number}/x", f"/frame/{number}/outputs/1/download"):
        assert (await client.get(path)).status_code == 404
