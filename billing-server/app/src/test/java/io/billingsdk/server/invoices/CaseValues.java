package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Cases of a file, and the values that differ from them. For one thread. */
final class CaseValues {
  private static final String NUMBER = "-?[0-9]+([.][0-9]+)?";

  private final List<String> wrong = new ArrayList<>();
  private int count;

  /** The cases of a resource, or of the file that {@code -Dcases.folder} has under its name. */
  static List<JsonNode> read(String name) throws IOException {
    String folder = System.getProperty("cases.folder");
    String text;
    if (folder != null) {
      text = Files.readString(Path.of(folder + name));
    } else {
      try (InputStream in =
          Objects.requireNonNull(CaseValues.class.getResourceAsStream(name), name)) {
        text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> cases = new ArrayList<>();
    for (String line : text.lines().toList()) {
      cases.add(json.readTree(line));
    }
    return cases;
  }

  /** A document has cents: a case that says more is rounded as a line is. */
  void same(JsonNode one, String field, JsonNode expected, BigDecimal found) {
    count++;
    String text = expected.asText();
    boolean isSame =
        text.matches(NUMBER)
            && (new BigDecimal(text).compareTo(found) == 0
                || new BigDecimal(text).setScale(2, RoundingMode.HALF_UP).compareTo(found) == 0);
    if (!isSame) {
      wrong.add(one.path("id").asText() + " " + field + ": " + expected + ", found " + found);
    }
  }

  void text(JsonNode one, String field, String expected, String found) {
    count++;
    boolean isSame =
        expected.equals(found)
            || (expected.matches(NUMBER)
                && found.matches(NUMBER)
                && new BigDecimal(expected).compareTo(new BigDecimal(found)) == 0);
    if (!isSame) {
      wrong.add(one.path("id").asText() + " " + field + ": " + expected + ", found " + found);
    }
  }

  /** A value of the same name that the case expects. */
  void text(JsonNode one, String field, String found) {
    text(one, field, one.path("then").path(field).asText(), found);
  }

  /** A list of the same name, whose length counts too. */
  void list(JsonNode one, String field, List<String> found) {
    JsonNode expected = one.path("then").path(field);
    assertThat(expected.isArray()).as(field).isTrue();
    for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
      text(
          one,
          field + "[" + i + "]",
          expected.path(i).asText(),
          i < found.size() ? found.get(i) : "nothing");
    }
  }

  List<String> wrong() {
    return wrong;
  }

  /** How many were compared. */
  int count() {
    return count;
  }
}
