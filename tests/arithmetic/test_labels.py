"""Labels of a scatter: none covers another while there is room, none leaves the plot."""

from stageway.arithmetic.labels import _box, _shared, placed, width_of


def test_labels_of_neighbours_do_not_cover_each_other() -> None:
    points = [(400.0, 200.0), (404.0, 206.0), (20.0, 30.0), (475.0, 10.0)]
    texts = ["no advertising", "offline import", "正文无广告", "a label at the edge"]
    places = placed(points, texts, 480.0, 280.0)
    boxes = [_box(x, y, place, width_of(text)) for (x, y), place, text in zip(points, places, texts, strict=True)]
    assert all(_shared(one, other) == 0 for i, one in enumerate(boxes) for other in boxes[i + 1 :])
    assert all(box[0] >= 0 and box[2] <= 480 for box in boxes)


def test_the_same_points_get_the_same_places() -> None:
    points = [(100.0, 100.0)] * 5
    assert placed(points, list("abcde"), 480.0, 280.0) == placed(points, list("abcde"), 480.0, 280.0)
