// What the map looks like: the city's own ground, and places on it. No tiles, no glyphs and no sprites from anywhere:
// labels are drawn with the reader's own fonts (MapLibre does so where a style names no glyphs).
import { colours, fonts } from "./map-symbols.js";

export const NOTHING = { type: "FeatureCollection", features: [] };

function labels(ground) {
  const areas = ground.features.filter((each) => each.geometry.type.endsWith("Polygon"));
  return {
    type: "FeatureCollection",
    features: areas.map((each) => ({
      type: "Feature",
      properties: each.properties,
      geometry: { type: "Point", coordinates: each.properties.at },
    })),
  };
}

const type = (code) => ["==", ["get", "type"], code];
const street = (lane) => ["all", type("street"), ["==", ["get", "lane"], lane]];
const wide = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];

function groundLayers(ink) {
  const edge = ink("map-edge");
  const road = ink("map-road");
  const line = { "line-cap": "round", "line-join": "round" };
  const of = (id, kind, filter, paint, layout = {}, more = {}) => ({ id, type: kind, source: "ground", filter, paint, layout, ...more });
  return [
    { id: "paper", type: "background", paint: { "background-color": ink("paper") } },
    of("city", "fill", type("city_area"), { "fill-color": ink("map-block") }),
    of("city-edge", "line", type("city_area"), { "line-color": ink("hair-2"), "line-width": 1.5 }),
    of("green", "fill", type("green"), { "fill-color": ink("map-green") }),
    of("lane-edge", "line", street(true), { "line-color": edge, "line-width": wide(13.5, 0.2, 16, 7, 19, 26), "line-opacity": 0.6 }, line, { minzoom: 14 }),
    of("water", "fill", type("water"), { "fill-color": ink("map-water") }),
    of("shore", "line", type("water"), { "line-color": ink("map-shore"), "line-width": 1.2 }),
    of("street-edge", "line", street(false), { "line-color": edge, "line-width": wide(10, 2.4, 13, 6.5, 16, 18, 19, 64) }, line),
    of("lane", "line", street(true), { "line-color": road, "line-width": wide(12, 0.8, 14, 1.6, 16, 5.5, 19, 23) }, line, { minzoom: 11.5 }),
    of("street", "line", street(false), { "line-color": road, "line-width": wide(10, 1.6, 13, 5, 16, 15.5, 19, 59) }, line),
    of("district", "line", type("district_area"), { "line-color": ink("ink-3"), "line-width": 1, "line-dasharray": [8, 4, 2, 4], "line-opacity": 0.55 }),
  ];
}

function nameLayers(ink, { song, thin, plain }) {
  const halo = { "text-halo-color": ink("map-block"), "text-halo-width": 2 };
  const name = (id, source, filter, layout, paint, more = {}) => ({
    id, type: "symbol", source, filter, paint: { ...halo, ...paint }, layout: { "text-field": ["get", "name"], ...layout }, ...more,
  });
  return [
    name("street-name", "ground", street(false), { "symbol-placement": "line", "text-font": plain, "text-size": 14, "symbol-spacing": 340, "text-letter-spacing": 0.06, "text-offset": [0, 1.05] }, { "text-color": ink("ink-3") }, { minzoom: 12 }),
    name("lane-name", "ground", street(true), { "symbol-placement": "line", "text-font": plain, "text-size": 14 }, { "text-color": ink("ink-3"), "text-halo-color": ink("map-road") }, { minzoom: 16 }),
    name("green-name", "labels", type("green"), { "text-font": plain, "text-size": 14, "text-max-width": 6 }, { "text-color": ink("st-done"), "text-opacity": 0.85 }, { minzoom: 12.6 }),
    name("water-name", "labels", type("water"), { "text-font": thin, "text-size": 15, "text-letter-spacing": 0.4 }, { "text-color": ink("st-doing"), "text-halo-color": ink("map-water"), "text-halo-width": 1.2 }),
    name("district-name", "labels", type("district_area"), { "text-font": song, "text-size": 19, "text-letter-spacing": 0.3, "text-allow-overlap": true, "text-ignore-placement": true }, { "text-color": ink("ink-2") }, { maxzoom: 15 }),
  ];
}

function shapeLayers(ink) {
  const area = ["==", ["geometry-type"], "Polygon"];
  const line = ["==", ["geometry-type"], "LineString"];
  const round = { "line-cap": "round", "line-join": "round" };
  const shade = ["get", "ink"];
  return [
    { id: "shape-fill", type: "fill", source: "shapes", filter: area, paint: { "fill-color": shade, "fill-opacity": 0.1 } },
    { id: "shape-edge", type: "line", source: "shapes", filter: area, paint: { "line-color": shade, "line-width": wide(11, 0.5, 14, 1.5), "line-dasharray": [4, 2.5] } },
    { id: "shape-case", type: "line", source: "shapes", filter: line, layout: round, paint: { "line-color": ink("paper"), "line-width": wide(11, 2.5, 14, 5, 17, 8) } },
    { id: "shape-line", type: "line", source: "shapes", filter: line, layout: round, paint: { "line-color": shade, "line-opacity": 0.85, "line-width": wide(11, 1.1, 14, 2.2, 17, 4) } },
    { id: "chosen-fill", type: "fill", source: "chosen", filter: area, paint: { "fill-color": ink("accent"), "fill-opacity": 0.12 } },
    { id: "chosen-line", type: "line", source: "chosen", filter: ["!=", ["geometry-type"], "Point"], layout: round, paint: { "line-color": ink("accent"), "line-width": 4 } },
  ];
}

function placeLayers(ink, bold, plain) {
  const area = ["==", ["geometry-type"], "Polygon"];
  const round = { "line-cap": "round", "line-join": "round" };
  const group = ["concat", "group-", ["to-string", ["get", "number"]], ["case", ["get", "closed"], "-closed", ""]];
  const placeName = { "text-field": ["get", "name"], "text-font": plain, "text-size": 14, "text-optional": true, "text-max-width": 9 };
  const halo = { "text-color": ink("ink"), "text-halo-color": ink("paper"), "text-halo-width": 2 };
  const circle = (size) => ({ "circle-color": ink("sheet"), "circle-stroke-color": ink("ink"), "circle-stroke-width": 1.25, "circle-radius": size });
  const count = { "text-font": bold, "text-size": 15, "text-allow-overlap": true, "text-ignore-placement": true };
  const sized = (key) => ["interpolate", ["linear"], ["sqrt", ["get", key]], 1.4, 15, 6, 20, 20, 27, 100, 40];
  return [
    { id: "single", type: "symbol", source: "places", filter: ["!", ["has", "point_count"]], layout: { "icon-image": group, "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.8, 15, 1], ...placeName, "text-field": ["step", ["zoom"], "", 15.6, ["get", "name"]], "text-anchor": "top", "text-offset": [0, 0.9] }, paint: halo },
    { id: "cluster", type: "circle", source: "places", filter: ["has", "point_count"], paint: circle(sized("point_count")) },
    { id: "cluster-count", type: "symbol", source: "places", filter: ["has", "point_count"], layout: { ...count, "text-field": ["to-string", ["get", "point_count"]] }, paint: { "text-color": ink("ink") } },
    { id: "cell", type: "circle", source: "cells", paint: circle(sized("count")) },
    { id: "cell-count", type: "symbol", source: "cells", layout: { ...count, "text-field": ["to-string", ["get", "count"]] }, paint: { "text-color": ink("ink") } },
    { id: "chosen-ring", type: "circle", source: "chosen", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 17, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": ink("accent"), "circle-stroke-width": 2.5 } },
    { id: "lasso-fill", type: "fill", source: "draft", filter: area, paint: { "fill-color": ink("focus"), "fill-opacity": 0.08 } },
    { id: "draft-line", type: "line", source: "draft", layout: round, paint: { "line-color": ink("accent"), "line-width": 3 } },
    { id: "draft-corner", type: "circle", source: "draft", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": ink("sheet"), "circle-stroke-color": ink("accent"), "circle-stroke-width": 2 } },
  ];
}

// `ground` is the base map's GeoJSON, `element` whose colours and fonts count.
export function styleOf(ground, element) {
  const ink = colours(element);
  const plain = fonts(element, "--cw-font");
  // MapLibre reads the weight out of the first name of the list.
  const bold = ["Bold", ...plain];
  const thin = fonts(element, "--cw-font-song");
  const song = ["Bold", ...thin];
  const geojson = (data, more = {}) => ({ type: "geojson", data, ...more });
  return {
    version: 8,
    sources: {
      ground: geojson(ground),
      labels: geojson(labels(ground)),
      places: geojson(NOTHING, { cluster: true, clusterRadius: 50, clusterMaxZoom: 15 }),
      shapes: geojson(NOTHING),
      cells: geojson(NOTHING),
      chosen: geojson(NOTHING),
      draft: geojson(NOTHING),
    },
    layers: [...groundLayers(ink), ...shapeLayers(ink), ...nameLayers(ink, { song, thin, plain }), ...placeLayers(ink, bold, plain)],
  };
}
