package io.billingsdk.server.quotas;

import io.billingsdk.server.control.InstanceLeases;
import io.billingsdk.server.control.InstanceLeases.LeasingFeature;
import io.billingsdk.server.http.HttpApi.Meters;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import io.billingsdk.server.ledger.LedgerHooks;
import java.net.URL;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Quotas and rates: how much a customer or a key may use. */
public final class QuotasFeature implements LedgerHooks, LeasingFeature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(
          Table.of("quota"),
          Table.of("quota_counter_shard"),
          Table.of("quota_lease"),
          Table.of("quota_holder"),
          Table.appendOnly("quota_grant"),
          Table.appendOnly("quota_notice"),
          Table.of("quota_spend"),
          Table.of("quota_refusal"),
          Table.of("quota_refusal_slot"),
          Table.appendOnly("quota_violation"),
          Table.of("quota_rate_share"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/quotas/db";

  private final Quotas quotas;
  private final LookMeters looks;

  /** Of a server, with the quotas that keys have by themselves and by plans. */
  public QuotasFeature(Platform platform) {
    this(
        new Quotas(
            platform.database(),
            new KeyQuotaSource(platform.database()),
            QuotaMeters.BY_RULE,
            Clock.systemUTC()));
  }

  QuotasFeature(Quotas quotas) {
    this.quotas = quotas;
    this.looks = new LookMeters(quotas.notices(), quotas.spendStops(), quotas.violations());
  }

  @Override
  public List<AppendHook> hooks() {
    return List.of(quotas.counters());
  }

  @Override
  public InstanceLeases leases() {
    return quotas.instances();
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public List<Route> routes() {
    return Stream.concat(
            new QuotaRoutes(quotas).routes().stream(),
            new AdmissionRoutes(quotas).routes().stream())
        .toList();
  }

  @Override
  public List<Job> jobs() {
    return List.of(looks.notices(), looks.spendStops(), looks.violations(), quotas.retention());
  }

  @Override
  public List<Meters> metrics() {
    return List.of(looks);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("quotas.openapi.yaml"));
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }
}
