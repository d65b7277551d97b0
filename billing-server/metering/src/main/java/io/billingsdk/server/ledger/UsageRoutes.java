package io.billingsdk.server.ledger;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.Page;
import io.billingsdk.server.http.Page.Cursor;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.UsageEvents.PageQuery;
import io.billingsdk.server.ledger.UsageEvents.Position;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Usage: sums, and the events themselves. */
final class UsageRoutes {
  private static final String EVENTS = "events";
  private static final Duration SPAN = Duration.ofHours(24);

  private UsageRoutes() {}

  static List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/usage", UsageRoutes::totals)
            .query("from", "to", "bucket", "zone", "groupBy", "quantity")
            .query(EventFilterParameters.names())
            .forApps(),
        Route.read(Route.BASE + "/events", UsageRoutes::events)
            .query("from", "to")
            .query(EventFilterParameters.names())
            .paged()
            .forApps());
  }

  private record UsageRange(Instant from, Instant to) {
    static UsageRange of(Request request) {
      Instant to = request.time("to").orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS));
      return new UsageRange(request.time("from").orElse(to.minus(SPAN)), to);
    }
  }

  private record UsageSum(
      Instant start,
      Map<String, String> group,
      long events,
      BigDecimal usage,
      @Nullable Map<String, BigDecimal> quantities) {
    static UsageSum of(UsageTotals.Row row, TotalsQuery query) {
      List<Dimension> dimensions = query.groupBy();
      Map<String, String> group = new LinkedHashMap<>();
      for (int i = 0; i < dimensions.size(); i++) {
        String value = row.group().get(i);
        if (value != null) {
          group.put(dimensions.get(i).text(), value);
        }
      }
      return new UsageSum(
          row.bucket(),
          group,
          row.events(),
          row.usage().stripTrailingZeros(),
          quantities(row, query.quantities()));
    }

    private static @Nullable Map<String, BigDecimal> quantities(
        UsageTotals.Row row, List<String> names) {
      if (names.isEmpty()) {
        return null;
      }
      Map<String, BigDecimal> sums = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        sums.put(names.get(i), row.quantities().get(i).stripTrailingZeros());
      }
      return sums;
    }
  }

  private record Sums(
      Instant from, Instant to, String bucket, String zone, String source, List<UsageSum> items) {}

  private static ApiResponse totals(Request request) {
    UsageRange range = UsageRange.of(request);
    List<Dimension> groupBy =
        request.parameter("groupBy").map(UsageRoutes::dimensions).orElse(List.of());
    TotalsQuery query =
        new TotalsQuery(
            range.from(),
            range.to(),
            request.parameter("bucket").map(UsageRoutes::bucket).orElse(Bucket.DAY),
            request.parameter("zone").map(UsageRoutes::zone).orElse(ZoneId.of("UTC")),
            groupBy,
            EventFilterParameters.read(request),
            request.parameter("quantity").map(UsageRoutes::names).orElse(List.of()));
    UsageTotals.Totals totals = new UsageTotals(request.database()).of(query);
    return ApiResponse.ok(
        new Sums(
            query.from(),
            query.to(),
            lower(query.bucket()),
            query.zone().getId(),
            lower(totals.source()),
            totals.rows().stream().map(row -> UsageSum.of(row, query)).toList()));
  }

  private static List<Dimension> dimensions(String names) {
    return names(names).stream().map(Dimension::of).toList();
  }

  private static List<String> names(String names) {
    // With a limit: an empty name at the end is wrong as any other.
    return List.of(names.split(",", -1));
  }

  private static Bucket bucket(String name) {
    return Stream.of(Bucket.values())
        .filter(each -> lower(each).equals(name))
        .findFirst()
        .orElseThrow(() -> Request.invalid("bucket", "all, hour, day or month"));
  }

  private static ZoneId zone(String name) {
    if (!ZoneId.getAvailableZoneIds().contains(name)) {
      throw Request.invalid("zone", "a name of the IANA time zones, as Europe/Berlin");
    }
    return ZoneId.of(name);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private record Event(
      Instant occurredAt,
      Instant receivedAt,
      UUID stream,
      long seq,
      @Nullable String appId,
      @Nullable String keyId,
      String module,
      String model,
      BigDecimal usage,
      @JsonRawValue @Nullable String metadata,
      @Nullable String idempotencyKey,
      @Nullable Map<String, BigDecimal> quantities,
      @Nullable String subject,
      @Nullable String session,
      @Nullable String execution,
      @Nullable EventRef corrects) {
    static Event of(StoredEvent event) {
      EventDetails details = event.details();
      return new Event(
          event.occurredAt(),
          event.receivedAt(),
          event.stream(),
          event.seq(),
          event.app(),
          event.key(),
          event.module(),
          event.model(),
          event.usage(),
          event.metadata(),
          event.idempotencyKey(),
          details.quantities().isEmpty() ? null : details.quantities(),
          details.subject(),
          details.session(),
          details.execution(),
          event.corrects());
    }
  }

  private static ApiResponse events(Request request) {
    UsageRange range = UsageRange.of(request);
    Position after = request.cursor(EVENTS, 3).map(UsageRoutes::position).orElse(null);
    UsageEvents.EventPage page =
        new UsageEvents(request.database())
            .page(
                new PageQuery(
                    EventFilterParameters.read(request),
                    range.from(),
                    range.to(),
                    after,
                    request.limit()));
    Position next = page.next();
    return ApiResponse.ok(
        new Page<>(
            page.events().stream().map(Event::of).toList(), next == null ? null : cursor(next)));
  }

  private static String cursor(Position at) {
    return Cursor.of(
        EVENTS,
        at.occurredAt().toString(),
        Integer.toString(at.streamId()),
        Long.toString(at.seq()));
  }

  private static Position position(List<String> place) {
    if (!Cursor.isNumber(place.get(1))
        || Long.parseLong(place.get(1)) > Integer.MAX_VALUE
        || !Cursor.isNumber(place.get(2))) {
      throw Request.invalid("cursor", "the next of an earlier answer");
    }
    return new Position(
        Request.time("cursor", place.get(0)),
        Integer.parseInt(place.get(1)),
        Long.parseLong(place.get(2)));
  }
}
