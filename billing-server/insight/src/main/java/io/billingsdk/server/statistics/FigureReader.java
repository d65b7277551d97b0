package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.statistics.Figure.Amount;
import io.billingsdk.server.statistics.Figure.Average;
import io.billingsdk.server.statistics.Figure.Breakdown;
import io.billingsdk.server.statistics.Figure.Group;
import io.billingsdk.server.statistics.Figure.Moment;
import io.billingsdk.server.statistics.Figure.OfPerson;
import io.billingsdk.server.statistics.Figure.People;
import io.billingsdk.server.statistics.Figure.Percent;
import io.billingsdk.server.statistics.Figure.PersonFact;
import io.billingsdk.server.statistics.UsageProfile.CounterSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads how figures follow from counters. A text is the counter of that name; an object whose only
 * field begins with a dollar is a form; other objects are groups of figures.
 */
final class FigureReader {
  private static final int DEPTH = 4;
  private static final int PLACES = 6;
  private static final String FORMS =
      "one of $counter, $average, $percent, $breakdown, $first, $last, $person, $people";

  private final Map<String, CounterSpec> counters;

  FigureReader(Map<String, CounterSpec> counters) {
    this.counters = Map.copyOf(counters);
  }

  Group read(String place, ObjectNode group) {
    return group(place, group, 1);
  }

  private Group group(String place, ObjectNode group, int depth) {
    if (depth > DEPTH) {
      throw new ProfileException(place, "at most " + DEPTH + " groups deep");
    }
    Map<String, Figure> figures = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> each : group.properties()) {
      figures.put(each.getKey(), figure(place + "." + each.getKey(), each.getValue(), depth));
    }
    return new Group(figures);
  }

  private Figure figure(String place, JsonNode node, int depth) {
    if (node.isTextual()) {
      return new Amount(whole(place, node.textValue()), BigDecimal.ONE, PLACES);
    }
    if (!(node instanceof ObjectNode object)) {
      throw new ProfileException(place, "a counter, a form or a group of figures");
    }
    List<String> forms = new ArrayList<>();
    object.fieldNames().forEachRemaining(forms::add);
    forms.removeIf(each -> !each.startsWith("$"));
    if (forms.isEmpty()) {
      return group(place, object, depth + 1);
    }
    if (forms.size() > 1) {
      throw new ProfileException(place, FORMS);
    }
    return form(place, forms.get(0), object);
  }

  private Figure form(String place, String form, ObjectNode object) {
    return switch (form) {
      case "$counter" -> {
        fields(place, object, form, "unit", "places");
        yield new Amount(counter(place, object, form), unit(place, object), places(place, object));
      }
      case "$average" -> {
        fields(place, object, form, "over", "unit", "places");
        yield new Average(
            counter(place, object, form),
            counter(place, object, "over"),
            unit(place, object),
            places(place, object));
      }
      case "$percent" -> {
        fields(place, object, form, "of", "places");
        yield new Percent(counter(place, object, form), list(place, object), places(place, object));
      }
      case "$breakdown" -> {
        fields(place, object, form);
        yield new Breakdown(divided(place, object.path(form).asText()));
      }
      case "$first", "$last" -> {
        fields(place, object, form);
        yield new Moment(counter(place, object, form), form.equals("$first"));
      }
      case "$person" -> {
        fields(place, object, form);
        yield new OfPerson(fact(place, object.path(form).asText()));
      }
      case "$people" -> {
        fields(place, object, form);
        yield new People(
            PersonKind.of(object.path(form).asText())
                .orElseThrow(
                    () -> new ProfileException(place + ".$people", "one of session, guest, user")));
      }
      default -> throw new ProfileException(place, FORMS);
    };
  }

  private static void fields(String place, ObjectNode object, String... known) {
    Set<String> names = Set.of(known);
    object
        .fieldNames()
        .forEachRemaining(
            each -> {
              if (!names.contains(each)) {
                throw new ProfileException(place + "." + each, "left out: there is no such field");
              }
            });
  }

  private String counter(String place, ObjectNode object, String field) {
    return whole(place + "." + field, object.path(field).asText());
  }

  private String whole(String place, String name) {
    CounterSpec spec = counters.get(name);
    if (spec == null || spec.by() != null) {
      throw new ProfileException(place, "a counter of this profile that is not divided by a field");
    }
    return name;
  }

  private String divided(String place, String name) {
    CounterSpec spec = counters.get(name);
    if (spec == null || spec.by() == null) {
      throw new ProfileException(place, "a counter of this profile that is divided by a field");
    }
    return name;
  }

  private List<String> list(String place, ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.path("of").forEach(each -> names.add(whole(place + ".of", each.asText())));
    if (names.isEmpty()) {
      throw new ProfileException(place + ".of", "a list of counters");
    }
    return names;
  }

  private static BigDecimal unit(String place, ObjectNode object) {
    String text = object.path("unit").asText("1");
    if (!text.matches("[0-9]{1,20}([.][0-9]{1,18})?") || new BigDecimal(text).signum() == 0) {
      throw new ProfileException(place + ".unit", "a number above 0");
    }
    return new BigDecimal(text);
  }

  private static int places(String place, ObjectNode object) {
    int places = object.path("places").asInt(PLACES);
    if (places < 0 || places > PLACES) {
      throw new ProfileException(place + ".places", "a whole number from 0 to " + PLACES);
    }
    return places;
  }

  private static PersonFact fact(String place, String text) {
    return Arrays.stream(PersonFact.values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new ProfileException(
                    place + ".$person", "one of user_type, created_at, duration, total, active"));
  }
}
