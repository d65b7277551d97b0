package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Something that the live tail shows.
 *
 * @param type usage, rejected or lost
 * @param fields as the API has them
 */
record TailItem(String type, JsonNode fields) {
  static final String USAGE = "usage";
  static final String REJECTED = "rejected";
  static final String LOST = "lost";

  /** A later server may tell of more. */
  boolean isKnown() {
    return type.equals(USAGE) || type.equals(REJECTED) || type.equals(LOST);
  }

  boolean isLost() {
    return type.equals(LOST);
  }

  /** By which the same item is known when it comes again; of what has none, all of it. */
  String identity() {
    return type.equals(USAGE)
        ? fields.path("stream").asText() + "/" + fields.path("seq").asText()
        : type + fields;
  }

  /** One line for programs. */
  String json() {
    ObjectNode line = BillingHttp.JSON.createObjectNode();
    line.put("type", type);
    if (fields instanceof ObjectNode object) {
      line.setAll(object);
    }
    return JsonLines.of(line);
  }
}
