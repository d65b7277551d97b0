package io.billingsdk.server;

import io.billingsdk.server.alerts.AlertsFeature;
import io.billingsdk.server.anomalies.AnomaliesFeature;
import io.billingsdk.server.audit.AuditFeature;
import io.billingsdk.server.catalog.CatalogFeature;
import io.billingsdk.server.costs.CostsFeature;
import io.billingsdk.server.credits.CreditsFeature;
import io.billingsdk.server.customers.CustomersFeature;
import io.billingsdk.server.documents.DocumentsFeature;
import io.billingsdk.server.dunning.DunningFeature;
import io.billingsdk.server.entitlements.EntitlementsFeature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.health.HealthFeature;
import io.billingsdk.server.invoices.InvoicesFeature;
import io.billingsdk.server.keys.KeysFeature;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.server.notifications.NotificationsFeature;
import io.billingsdk.server.payments.PaymentsFeature;
import io.billingsdk.server.performance.PerformanceFeature;
import io.billingsdk.server.privacy.PrivacyFeature;
import io.billingsdk.server.providers.ProvidersFeature;
import io.billingsdk.server.quotas.QuotasFeature;
import io.billingsdk.server.reports.ReportsFeature;
import io.billingsdk.server.revenue.RevenueFeature;
import io.billingsdk.server.seals.SealsFeature;
import io.billingsdk.server.statistics.StatisticsFeature;
import io.billingsdk.server.subscriptions.SubscriptionsFeature;
import io.billingsdk.server.tax.TaxFeature;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the server's own features have in the database, for those who look at a database without a
 * server: the doctor, and tests. Immutable.
 */
public final class ServerSchema {
  /** Of what features stand on: jobs and the outbox. */
  private static final List<Table> PLATFORM =
      List.of(
          Table.of("scheduled_tasks"),
          Table.of("outbox_event"),
          Table.of("outbox_subscriber"),
          Table.of("outbox_delivery"));

  private static final List<String> FOLDERS =
      List.of(
          "io/billingsdk/server/access/db",
          "io/billingsdk/server/jobs/db",
          "io/billingsdk/server/outbox/db");

  private ServerSchema() {}

  /** All tables, each of one owner. */
  public static List<Table> tables() {
    return Stream.of(
            PLATFORM,
            KeysFeature.TABLES,
            LedgerFeature.TABLES,
            SealsFeature.TABLES,
            CustomersFeature.TABLES,
            CatalogFeature.TABLES,
            SubscriptionsFeature.TABLES,
            EntitlementsFeature.TABLES,
            TaxFeature.TABLES,
            CreditsFeature.TABLES,
            InvoicesFeature.TABLES,
            PaymentsFeature.TABLES,
            DunningFeature.TABLES,
            ProvidersFeature.TABLES,
            DocumentsFeature.TABLES,
            ReportsFeature.TABLES,
            NotificationsFeature.TABLES,
            AuditFeature.TABLES,
            HealthFeature.TABLES,
            RevenueFeature.TABLES,
            QuotasFeature.TABLES,
            CostsFeature.TABLES,
            PerformanceFeature.TABLES,
            AlertsFeature.TABLES,
            StatisticsFeature.TABLES,
            PrivacyFeature.TABLES,
            AnomaliesFeature.TABLES)
        .flatMap(List::stream)
        .toList();
  }

  /** The names of the tables whose rows are added and never changed. */
  public static List<String> appendOnlyTables() {
    return tables().stream().filter(Table::isAppendOnly).map(Table::name).toList();
  }

  /** The folders of migrations on the class path, beside that of the first versions. */
  public static List<String> migrations() {
    return with(
        List.of(
            KeysFeature.MIGRATIONS,
            LedgerFeature.MIGRATIONS,
            SealsFeature.MIGRATIONS,
            CustomersFeature.MIGRATIONS,
            CatalogFeature.MIGRATIONS,
            SubscriptionsFeature.MIGRATIONS,
            EntitlementsFeature.MIGRATIONS,
            TaxFeature.MIGRATIONS,
            CreditsFeature.MIGRATIONS,
            InvoicesFeature.MIGRATIONS,
            PaymentsFeature.MIGRATIONS,
            DunningFeature.MIGRATIONS,
            ProvidersFeature.MIGRATIONS,
            DocumentsFeature.MIGRATIONS,
            ReportsFeature.MIGRATIONS,
            NotificationsFeature.MIGRATIONS,
            RevenueFeature.MIGRATIONS,
            PrivacyFeature.MIGRATIONS,
            AnomaliesFeature.MIGRATIONS,
            QuotasFeature.MIGRATIONS,
            CostsFeature.MIGRATIONS,
            PerformanceFeature.MIGRATIONS,
            AlertsFeature.MIGRATIONS,
            StatisticsFeature.MIGRATIONS));
  }

  /** The folders of features, and those of what features stand on. */
  static List<String> with(List<String> ofFeatures) {
    return Stream.concat(FOLDERS.stream(), ofFeatures.stream()).toList();
  }
}
