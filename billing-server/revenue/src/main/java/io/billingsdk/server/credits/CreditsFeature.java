package io.billingsdk.server.credits;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import java.net.URL;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Coupons and credits. */
public final class CreditsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.appendOnly("coupon"),
          Table.of("coupon_gift"),
          Table.appendOnly("coupon_use"),
          Table.of("credit_grant"),
          Table.appendOnly("credit_movement"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/credits/db";

  private final Database database;

  /**
   * In a database.
   *
   * @param database for jobs; requests bring their own
   */
  public CreditsFeature(Database database) {
    this.database = database;
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("credits.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return Stream.concat(CouponRoutes.routes().stream(), CreditRoutes.routes().stream()).toList();
  }

  @Override
  public List<Job> jobs() {
    return List.of(new CreditExpiry(database));
  }
}
