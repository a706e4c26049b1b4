"""Cut rings where they run over the 180th meridian: drawn flat, such a ring would paint a stripe around the whole map."""

from itertools import pairwise

from shapely import clip_by_rect, get_exterior_ring, get_parts
from shapely.affinity import translate
from shapely.geometry import Polygon

__all__ = ["cut_at_the_seam"]

Ring = list[tuple[float, float]]
"""Points as (lon, lat), the last one the first again."""


def cut_at_the_seam(ring: Ring) -> list[Ring]:
    """Give a ring as rings that each lie between 180 degrees west and east; one that needs no cut comes back as it is.

    A ring that goes around a pole (Antarctica) is closed over that pole.
    """
    if all(abs(a - b) <= 180 for (a, _), (b, _) in pairwise(ring)):
        return [ring]
    flat = [ring[0]]
    for lon, lat in ring[1:]:
        flat.append((lon + 360 * round((flat[-1][0] - lon) / 360), lat))
    if flat[-1][0] != flat[0][0]:
        pole = -90.0 if flat[0][1] < 0 else 90.0
        flat += [(flat[-1][0], pole), (flat[0][0], pole), flat[0]]
    found: list[Ring] = []
    whole = Polygon(flat).buffer(0)  # simplified rings may touch themselves
    for turn in (-360, 0, 360):
        part = translate(clip_by_rect(whole, turn - 180, -90, turn + 180, 90), xoff=-turn)
        pieces = [piece for piece in get_parts(part) if piece.geom_type == "Polygon" and not piece.is_empty]
        found += [[(float(lon), float(lat)) for lon, lat in get_exterior_ring(piece).coords] for piece in pieces]
    return found
