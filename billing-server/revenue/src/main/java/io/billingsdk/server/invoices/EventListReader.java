package io.billingsdk.server.invoices;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.ledger.AppendedEvent;
import io.billingsdk.server.ledger.AppendedEvent.AppendKind;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.ledger.LedgerTransaction.EventId;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the list of events behind a document, strictly, and keeps each line as it is. */
final class EventListReader {
  private static final int FIELDS = 12;

  // A number keeps its digits: the text of an event is what was digested.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Map<String, PlanFile> plans = new HashMap<>();
  private final Map<String, Section> sections = new HashMap<>();
  private String number = "";
  private String sha256 = "";
  private long events;
  private int at;
  private boolean isEnded;
  private @Nullable Section current;

  private EventListReader() {}

  /** The events of a line and a meter: as they were digested, and as they count. */
  record Section(List<String> contents, List<AppendedEvent> events) {}

  static EventListReader read(Stream<String> lines) {
    EventListReader reader = new EventListReader();
    lines.forEach(reader::line);
    if (!reader.isEnded) {
      throw reader.wrong("the line with end; the list is cut off");
    }
    return reader;
  }

  String number() {
    return number;
  }

  String sha256() {
    return sha256;
  }

  long events() {
    return events;
  }

  Optional<PlanFile> plan(String plan, int version) {
    return Optional.ofNullable(plans.get(plan + "/" + version));
  }

  Optional<Section> section(int line, String meter) {
    return Optional.ofNullable(sections.get(line + "/" + meter));
  }

  private void line(String text) {
    at++;
    if (text.isEmpty() || isEnded) {
      throw wrong(
          isEnded ? "nothing after the line with end" : "a JSON value, but the line is empty");
    }
    JsonNode node = json(text);
    if (at == 1) {
      head(node);
    } else if (node.isArray()) {
      event(text, node);
    } else if (node.has("file")) {
      plans.put(
          node.path("plan").asText() + "/" + node.path("version").asInt(),
          PlanFile.of(node.path("file")));
    } else if (node.has("meter")) {
      current = new Section(new ArrayList<>(), new ArrayList<>());
      sections.put(node.path("line").asInt() + "/" + node.path("meter").asText(), current);
    } else if (node.has("end")) {
      isEnded = true;
      if (node.path("end").asLong() != events) {
        throw wrong("the end of " + events + " events, but says " + node.path("end"));
      }
    } else {
      throw wrong("a plan, a meter, an event or the end");
    }
  }

  private void head(JsonNode node) {
    if (!node.path("format").asText().equals(EventList.FORMAT)) {
      throw wrong("an object with the format " + EventList.FORMAT);
    }
    number = node.path("number").asText();
    sha256 = node.path("sha256").asText();
  }

  private void event(String text, JsonNode node) {
    if (current == null || node.size() != FIELDS) {
      throw wrong("an event of " + FIELDS + " fields, below its meter");
    }
    events++;
    current.contents().add(unescaped(text));
    current.events().add(event(node));
  }

  /**
   * With the letters for which the command line writes escapes, so that a terminal obeys none. The
   * server itself writes escapes of ASCII alone.
   */
  static String unescaped(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int i = 0;
    while (i < text.length()) {
      boolean isEscape = text.charAt(i) == '\\' && i + 1 < text.length();
      if (isEscape && text.charAt(i + 1) == 'u') {
        char letter = (char) Integer.parseInt(text.substring(i + 2, i + 6), 16);
        plain.append(letter < 0x7f ? text.substring(i, i + 6) : String.valueOf(letter));
        i += 6;
      } else {
        plain.append(text, i, i + (isEscape ? 2 : 1));
        i += isEscape ? 2 : 1;
      }
    }
    return plain.toString();
  }

  private AppendedEvent event(JsonNode node) {
    return new AppendedEvent(
        AppendKind.EVENT,
        new EventId(0, node.path(1).asLong()),
        time(node.path(2).decimalValue()),
        textOrNull(node.path(3)),
        null,
        node.path(4).asText(),
        node.path(5).asText(),
        node.path(6).decimalValue(),
        node.path(7).isNull() ? null : node.path(7).toString(),
        EventDetails.ofJson(
            node.path(8).isNull() ? null : node.path(8).toString(),
            textOrNull(node.path(9)),
            textOrNull(node.path(10)),
            textOrNull(node.path(11))),
        0);
  }

  private static Instant time(BigDecimal seconds) {
    BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
    return Instant.ofEpochSecond(
        whole.longValueExact(), seconds.subtract(whole).movePointRight(9).longValue());
  }

  private static @Nullable String textOrNull(JsonNode node) {
    return node.isNull() ? null : node.asText();
  }

  private JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException malformed) {
      throw wrong("JSON");
    }
  }

  private RequestRefusedException wrong(String expected) {
    return RequestRefusedException.invalid("line " + at + " of the events", expected);
  }
}
