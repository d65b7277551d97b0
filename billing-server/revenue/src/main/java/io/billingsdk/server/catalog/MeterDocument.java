package io.billingsdk.server.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A meter, and the one form that it is stored, compared and written in.
 *
 * @param copy with its slug
 */
record MeterDocument(Meter meter, ObjectNode copy) {
  static MeterDocument read(Fields fields) {
    Meter meter = MeterParser.read(fields);
    return new MeterDocument(meter, fields.copy());
  }

  String slug() {
    return meter.slug();
  }

  String json() {
    return CatalogJson.text(copy);
  }
}
