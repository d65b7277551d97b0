package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.AsciiJson;

/** JSON in one line of ASCII; see {@link AsciiJson}. */
final class JsonLines {
  private JsonLines() {}

  static String of(JsonNode value) {
    return AsciiJson.line(value);
  }
}
