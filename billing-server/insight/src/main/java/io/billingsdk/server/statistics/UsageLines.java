package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.statistics.UsagePage.Line;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says figures in a language, as the page and papers show them. Immutable. */
final class UsageLines {
  /** So many values of a field are shown; the others are one line. */
  private static final int MOST = 20;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final UsageTexts texts;

  UsageLines(UsageTexts texts) {
    this.texts = texts;
  }

  /** The lines of a figure: one, or one for each value of the field that divides it. */
  List<Line> of(String place, JsonNode figures) {
    JsonNode value = figures.at("/" + place.replace('.', '/'));
    String label = texts.named("figure", place);
    if (!value.isObject()) {
      return List.of(new Line(place, label, exact(value), shown(value), /* isPart= */ false));
    }
    List<Line> lines = new ArrayList<>();
    lines.add(new Line(place, label, "", parts(value), /* isPart= */ false));
    lines.addAll(parts(place, value));
    return lines;
  }

  private String parts(JsonNode value) {
    return value.isEmpty() ? texts.get("none") : "";
  }

  private List<Line> parts(String place, JsonNode value) {
    List<Map.Entry<String, JsonNode>> sorted = new ArrayList<>(value.properties());
    sorted.sort(
        Comparator.comparing(
            (Map.Entry<String, JsonNode> each) -> each.getValue().decimalValue(),
            Comparator.reverseOrder()));
    List<Line> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : sorted.subList(0, Math.min(MOST, sorted.size()))) {
      JsonNode amount = each.getValue();
      lines.add(
          new Line(place + "/" + each.getKey(), each.getKey(), exact(amount), shown(amount), true));
    }
    if (sorted.size() > MOST) {
      BigDecimal rest =
          sorted.subList(MOST, sorted.size()).stream()
              .map(each -> each.getValue().decimalValue())
              .reduce(BigDecimal.ZERO, BigDecimal::add);
      String label = texts.get("others") + " (" + (sorted.size() - MOST) + ")";
      lines.add(new Line(place + "/", label, rest.toPlainString(), UsageTexts.number(rest), true));
    }
    return lines;
  }

  private static String exact(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }

  private String shown(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "–";
    }
    if (value.isNumber()) {
      return UsageTexts.number(value.decimalValue());
    }
    String text = value.asText();
    return text.matches("[0-9-]{10}T[0-9:.]+Z")
        ? time(Instant.parse(text))
        : texts.named("value", text);
  }

  /** A time, with its zone. */
  static String time(Instant time) {
    return TIME.format(time);
  }
}
