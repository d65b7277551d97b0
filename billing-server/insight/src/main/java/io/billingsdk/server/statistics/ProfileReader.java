package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.statistics.UsageProfile.Audience;
import io.billingsdk.server.statistics.UsageProfile.CardSpec;
import io.billingsdk.server.statistics.UsageProfile.CounterSpec;
import io.billingsdk.server.statistics.UsageProfile.EventSpec;
import io.billingsdk.server.statistics.UsageProfile.FieldSpec;
import io.billingsdk.server.statistics.UsageProfile.FieldType;
import io.billingsdk.server.statistics.UsageProfile.LimitSpec;
import io.billingsdk.server.statistics.UsageProfile.PriceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads profiles. A counter of an event that the profile does not have, a limit of no counter, a
 * field that nobody knows: each is refused by its place.
 */
final class ProfileReader {
  private static final String NAME = "[a-z][a-z0-9_-]{0,31}";
  private static final String ZONE = "a time zone, as Asia/Kathmandu";

  private final SortedMap<String, EventSpec> events = new TreeMap<>();
  private final SortedMap<String, CounterSpec> counters = new TreeMap<>();

  private ProfileReader() {}

  /** One that the product ships. */
  static UsageProfile shipped(String name) {
    try (InputStream file = ProfileReader.class.getResourceAsStream(name + ".profile.json")) {
      if (file == null) {
        throw new IllegalStateException("there is no profile " + name);
      }
      return read(Json.exactTree(file.readAllBytes()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * One of a file.
   *
   * @throws ProfileException naming what is wrong
   */
  static UsageProfile read(JsonNode file) {
    return new ProfileReader().profile(ProfileNode.of(file));
  }

  private UsageProfile profile(ProfileNode file) {
    String name = file.text("profile");
    if (!name.matches(NAME)) {
      throw file.wrong("profile", "a name of 1 to 32 small letters, digits, - and _");
    }
    Audience audience = audience(file);
    ZoneId zone = zone(file);
    String currency = file.optionalText("currency").orElse("USD");
    if (!currency.matches("[A-Z]{3}")) {
      throw file.wrong("currency", "an ISO 4217 code, as USD");
    }
    file.objects("events").forEach((type, node) -> events.put(type, event(node)));
    if (events.isEmpty()) {
      throw file.wrong("events", "an object with a type of events at least");
    }
    file.objects("counters").forEach((counter, node) -> counters.put(counter, counter(node)));
    List<LimitSpec> limits = new ArrayList<>();
    file.list("limits").forEach(node -> limits.add(limit(node, audience)));
    List<PriceSpec> prices = new ArrayList<>();
    file.list("prices").forEach(node -> prices.add(price(node)));
    FigureReader forms = new FigureReader(counters);
    Figure.Group figures = forms.read("figures", file.object("figures"));
    List<CardSpec> cards = new CardReader(figures).read(file.list("cards"));
    Figure.@Nullable Group analytics =
        file.has("analytics") ? forms.read("analytics", file.object("analytics")) : null;
    file.end();
    return new UsageProfile(
        name, audience, zone, currency, events, counters, limits, prices, figures, analytics,
        cards);
  }

  private static Audience audience(ProfileNode file) {
    String text = file.text("audience");
    return Arrays.stream(Audience.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() -> file.wrong("audience", "one of sessions, users"));
  }

  private static ZoneId zone(ProfileNode file) {
    String text = file.optionalText("zone").orElse("UTC");
    try {
      return ZoneId.of(text);
    } catch (DateTimeException unknown) {
      throw file.wrong("zone", ZONE);
    }
  }

  private static EventSpec event(ProfileNode node) {
    SortedMap<String, FieldSpec> fields = new TreeMap<>();
    node.objects("fields").forEach((name, field) -> fields.put(name, field(field)));
    String measure = node.optionalText("measure").orElse(null);
    if (measure != null) {
      FieldSpec field = fields.get(measure);
      if (field == null || field.type() != FieldType.NUMBER) {
        throw node.wrong("measure", "a field of the event that is a number");
      }
    }
    node.end();
    return new EventSpec(measure, fields);
  }

  private static FieldSpec field(ProfileNode node) {
    String text = node.text("type");
    FieldType type =
        Arrays.stream(FieldType.values())
            .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
            .findFirst()
            .orElseThrow(() -> node.wrong("type", "one of number, text, flag"));
    boolean required = node.flag("required");
    Set<String> values = Set.copyOf(node.texts("values"));
    String standard = node.optionalText("default").orElse(null);
    if (!values.isEmpty() && type != FieldType.TEXT) {
      throw node.wrong("values", "left out, or the type text");
    }
    if (standard != null && !isOf(type, values, standard)) {
      throw node.wrong("default", "a value of the field");
    }
    node.end();
    return new FieldSpec(type, required, values, standard);
  }

  private static boolean isOf(FieldType type, Set<String> values, String text) {
    return switch (type) {
      case NUMBER -> text.matches("[0-9]{1,20}([.][0-9]{1,18})?");
      case TEXT -> values.isEmpty() || values.contains(text);
      case FLAG -> text.equals("true") || text.equals("false");
    };
  }

  private CounterSpec counter(ProfileNode node) {
    String sum = node.optionalText("sum").orElse(null);
    String named = sum == null ? "count" : "of";
    String type = node.text(named);
    EventSpec event = events.get(type);
    if (event == null) {
      throw node.wrong(named, "an event of this profile, and " + type + " is none");
    }
    if (sum != null) {
      requireField(node, "sum", event, sum, FieldType.NUMBER);
    }
    SortedMap<String, String> where = node.textsByName("where");
    where.forEach(
        (field, value) -> {
          FieldSpec spec = event.fields().get(field);
          if (spec == null || spec.type() == FieldType.NUMBER) {
            throw node.wrong("where." + field, "a text or a flag of the event " + type);
          }
          if (!isOf(spec.type(), spec.values(), value)) {
            throw node.wrong("where." + field, "a value of the field");
          }
        });
    String by = node.optionalText("by").orElse(null);
    if (by != null) {
      requireField(node, "by", event, by, FieldType.TEXT);
    }
    node.end();
    return new CounterSpec(type, sum, where, by);
  }

  private static void requireField(
      ProfileNode node, String place, EventSpec event, String field, FieldType type) {
    FieldSpec spec = event.fields().get(field);
    if (spec == null || spec.type() != type) {
      String kind = type.name().toLowerCase(Locale.ROOT);
      throw node.wrong(place, "a field of the event that is a " + kind);
    }
  }

  private LimitSpec limit(ProfileNode node, Audience audience) {
    String name = node.text("name");
    String counter = wholeCounter(node);
    BigDecimal unit = node.positive("unit", BigDecimal.ONE);
    String per = node.optionalText("per").orElse("lifetime");
    if (!per.equals("day") && !per.equals("lifetime")) {
      throw node.wrong("per", "one of day, lifetime");
    }
    Map<PersonKind, BigDecimal> most = new EnumMap<>(PersonKind.class);
    for (Map.Entry<String, String> each : node.textsByName("most").entrySet()) {
      String field = "most." + each.getKey();
      PersonKind kind =
          PersonKind.of(each.getKey())
              .filter(audience::includes)
              .orElseThrow(() -> node.wrong(field, "of somebody of the audience"));
      if (!isOf(FieldType.NUMBER, Set.of(), each.getValue())) {
        throw node.wrong(field, "a number from 0, with at most 18 decimals");
      }
      most.put(kind, new BigDecimal(each.getValue()));
    }
    if (most.isEmpty()) {
      throw node.wrong("most", "an object with a limit of somebody at least");
    }
    node.end();
    return new LimitSpec(name, counter, unit, per.equals("day"), most);
  }

  private PriceSpec price(ProfileNode node) {
    String name = node.text("name");
    String counter = wholeCounter(node);
    BigDecimal per = node.positive("per", BigDecimal.ONE);
    BigDecimal price = node.amount("price");
    node.end();
    return new PriceSpec(name, counter, per, price);
  }

  /** A counter that is not divided. */
  private String wholeCounter(ProfileNode node) {
    String counter = node.text("counter");
    CounterSpec spec = counters.get(counter);
    if (spec == null || spec.by() != null) {
      throw node.wrong("counter", "a counter of this profile that is not divided by a field");
    }
    return counter;
  }
}
