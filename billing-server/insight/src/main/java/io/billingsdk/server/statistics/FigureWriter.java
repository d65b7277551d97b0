package io.billingsdk.server.statistics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
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
import io.billingsdk.server.statistics.Tally.Cell;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the figures of an answer of sums. Amounts are JSON numbers, which is given for these
 * answers alone. Immutable.
 *
 * @param tally the sums
 * @param person whose they are; null of all
 * @param people how many there are of each kind
 * @param now the moment of the request
 */
record FigureWriter(
    Tally tally, @Nullable Person person, Map<PersonKind, Long> people, Instant now) {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Copies the counts. */
  FigureWriter {
    people = Map.copyOf(people);
  }

  /** Of one person. */
  static FigureWriter of(Tally tally, Person person, Instant now) {
    return new FigureWriter(tally, person, Map.of(), now);
  }

  /** The figures of a group. */
  ObjectNode write(Group group) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    group.figures().forEach((name, figure) -> object.set(name, value(figure)));
    return object;
  }

  private JsonNode value(Figure figure) {
    if (figure instanceof Group group) {
      return write(group);
    }
    if (figure instanceof Amount amount) {
      return number(tally.amount(amount.counter()), amount.unit(), amount.places());
    }
    if (figure instanceof Average average) {
      BigDecimal over = tally.amount(average.over()).multiply(average.unit());
      return number(tally.amount(average.counter()), over, average.places());
    }
    if (figure instanceof Percent percent) {
      return percent(percent);
    }
    if (figure instanceof Breakdown breakdown) {
      ObjectNode labels = JsonNodeFactory.instance.objectNode();
      tally
          .labels(breakdown.counter())
          .forEach((label, amount) -> labels.set(label, Decimals.json(amount)));
      return labels;
    }
    if (figure instanceof Moment moment) {
      Cell cell = tally.cell(moment.counter());
      return time(cell == null ? null : moment.isFirst() ? cell.firstAt() : cell.lastAt());
    }
    if (figure instanceof People counted) {
      return JsonNodeFactory.instance.numberNode(people.getOrDefault(counted.kind(), 0L));
    }
    return ofPerson(((OfPerson) figure).fact());
  }

  private JsonNode percent(Percent percent) {
    BigDecimal whole =
        percent.of().stream().map(tally::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    return number(tally.amount(percent.counter()).multiply(HUNDRED), whole, percent.places());
  }

  /** 0 where the divisor is 0. */
  private static JsonNode number(BigDecimal amount, BigDecimal divisor, int places) {
    if (divisor.signum() == 0) {
      return Decimals.json(BigDecimal.ZERO);
    }
    return Decimals.json(amount.divide(divisor, places, RoundingMode.HALF_UP));
  }

  private static JsonNode time(@Nullable Instant time) {
    return time == null ? NullNode.instance : JsonNodeFactory.instance.textNode(time.toString());
  }

  private JsonNode ofPerson(PersonFact fact) {
    if (person == null) {
      return NullNode.instance;
    }
    Instant ends = person.expiresAt();
    boolean isActive = ends == null || now.isBefore(ends);
    return switch (fact) {
      case USER_TYPE -> JsonNodeFactory.instance.textNode(person.kind().userType());
      case CREATED_AT -> time(person.createdAt());
      case DURATION -> {
        Instant until = isActive || ends == null ? now : ends;
        long seconds = Duration.between(person.createdAt(), until).toSeconds();
        yield JsonNodeFactory.instance.numberNode(Math.max(0, seconds));
      }
      case TOTAL -> JsonNodeFactory.instance.numberNode(1);
      case ACTIVE -> JsonNodeFactory.instance.numberNode(isActive ? 1 : 0);
    };
  }

  /** What the counters cost, by the prices of a profile. */
  List<Cost> costs(UsageProfile profile) {
    return profile.prices().stream()
        .map(
            price -> {
              BigDecimal used = tally.amount(price.counter());
              // A price for 45 of something has no end in decimals: 12 places are far below a cent.
              BigDecimal cost =
                  used.multiply(price.price()).divide(price.per(), 12, RoundingMode.HALF_UP);
              return new Cost(price.name(), Decimals.plain(used), Decimals.plain(cost));
            })
        .toList();
  }

  /** What a counter costs. */
  record Cost(String name, BigDecimal used, BigDecimal cost) {}
}
