package io.billingsdk.server.subscriptions;

import io.billingsdk.server.http.ApiResponse;
import io.billingsdk.server.http.JsonBody;
import io.billingsdk.server.http.Request;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.http.Route.RequiredScope;
import io.billingsdk.server.subscriptions.MigrationRows.Migration;
import io.billingsdk.server.subscriptions.Migrations.Forecast;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Migrations of subscriptions to another version of their plan. */
final class MigrationRoutes {
  private static final String ALL = Route.BASE + "/subscription-migrations";
  private static final String ID = "migrationId";

  private final Surroundings surroundings;
  private final ChangeNotices notices;

  MigrationRoutes(Surroundings surroundings, ChangeNotices notices) {
    this.surroundings = surroundings;
    this.notices = notices;
  }

  List<Route> routes() {
    return List.of(
        Route.write("POST", ALL, this::start).needing(RequiredScope.FINANCE),
        Route.read(ALL + "/preview", this::preview)
            .query("plan", "version", "fromVersion", "timing"),
        Route.read(ALL + "/{" + ID + "}", this::get));
  }

  private record MigrationView(
      UUID migrationId,
      String plan,
      @Nullable Integer fromVersion,
      int version,
      String timing,
      String actor,
      Instant createdAt,
      long migrated,
      long refused,
      @Nullable Instant finishedAt) {
    static MigrationView of(Migration migration) {
      MigrationTerms terms = migration.terms();
      return new MigrationView(
          migration.id(),
          terms.plan(),
          terms.fromVersion(),
          terms.toVersion(),
          OrderParameters.shown(terms.timing()),
          migration.actor(),
          migration.createdAt(),
          migration.migrated(),
          migration.refused(),
          migration.finishedAt());
    }
  }

  private record ForecastView(
      long subscriptions,
      long migrated,
      Map<String, Long> refused,
      String currency,
      BigDecimal total,
      BigDecimal perPeriod) {
    static ForecastView of(Forecast forecast) {
      long refused = forecast.refused().values().stream().mapToLong(Long::longValue).sum();
      return new ForecastView(
          forecast.subscriptions(),
          forecast.subscriptions() - refused,
          forecast.refused(),
          forecast.lines().currency(),
          forecast.lines().amount(),
          forecast.perPeriod().amount());
    }
  }

  private ApiResponse start(Request request) {
    JsonBody body = request.body();
    MigrationTerms terms = OrderParameters.migration(GivenParameters.of(body));
    body.end();
    MigrationView made = MigrationView.of(migrations(request).start(terms));
    return ApiResponse.created(ALL + "/" + made.migrationId(), made);
  }

  private ApiResponse preview(Request request) {
    MigrationTerms terms = OrderParameters.migration(GivenParameters.of(request));
    return ApiResponse.ok(ForecastView.of(migrations(request).preview(terms)));
  }

  private ApiResponse get(Request request) {
    UUID id = OrderParameters.id(request, ID);
    return ApiResponse.ok(MigrationView.of(migrations(request).require(id)));
  }

  private Migrations migrations(Request request) {
    return new Migrations(request.database(), request.actor(), surroundings, notices);
  }
}
