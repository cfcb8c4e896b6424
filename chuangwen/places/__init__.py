"""Where: areas, grids, road segments, crossings, posts, sites, and who answers for them."""
