package io.billingsdk.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON in one line of ASCII, so that no terminal obeys a name: JSON alone escapes neither what
 * writes from right to left nor the controls beyond ASCII.
 */
public final class AsciiJson {
  private static final JsonMapper ASCII =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private AsciiJson() {}

  /** The line. */
  public static String line(JsonNode value) {
    try {
      // DEL is ASCII, and a control.
      return ASCII.writeValueAsString(value).replace("\u007f", "\\u007f");
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("read, and cannot be written", impossible);
    }
  }
}
