package io.billingsdk.server.http;

import io.billingsdk.server.alerts.AlertsFeature;
import io.billingsdk.server.anomalies.AnomaliesFeature;
import io.billingsdk.server.audit.AuditFeature;
import io.billingsdk.server.catalog.CatalogFeature;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.comparison.ComparisonFeature;
import io.billingsdk.server.costs.CostsFeature;
import io.billingsdk.server.credits.CreditsFeature;
import io.billingsdk.server.customers.CustomersFeature;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.documents.DocumentsFeature;
import io.billingsdk.server.dunning.ChargeAttempts;
import io.billingsdk.server.dunning.DunningFeature;
import io.billingsdk.server.entitlements.EntitlementsFeature;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.forecast.ForecastFeature;
import io.billingsdk.server.health.HealthFeature;
import io.billingsdk.server.health.HealthFeature.Signs;
import io.billingsdk.server.http.HttpApi.HttpContent;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.ingest.TestIntake;
import io.billingsdk.server.invoices.InvoicesFeature;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.KeysFeature;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.server.ledger.LedgerHooks;
import io.billingsdk.server.margin.CostSource;
import io.billingsdk.server.margin.MarginFeature;
import io.billingsdk.server.notifications.MailAttachments;
import io.billingsdk.server.notifications.NotificationSettings;
import io.billingsdk.server.notifications.NotificationsFeature;
import io.billingsdk.server.payments.PaymentsFeature;
import io.billingsdk.server.performance.PerformanceFeature;
import io.billingsdk.server.performance.RecordsFeature;
import io.billingsdk.server.privacy.PrivacyFeature;
import io.billingsdk.server.providers.ProviderSettings;
import io.billingsdk.server.providers.ProvidersFeature;
import io.billingsdk.server.quotas.QuotasFeature;
import io.billingsdk.server.reconcile.ReconcileFeature;
import io.billingsdk.server.reports.ReportsFeature;
import io.billingsdk.server.revenue.RevenueFeature;
import io.billingsdk.server.seals.SealFiles;
import io.billingsdk.server.seals.SealsFeature;
import io.billingsdk.server.statistics.StatisticsFeature;
import io.billingsdk.server.statistics.UsagePageFeature;
import io.billingsdk.server.statistics.UsesFeature;
import io.billingsdk.server.streams.StreamsFeature;
import io.billingsdk.server.subscriptions.SubscriptionsFeature;
import io.billingsdk.server.tail.LiveTail;
import io.billingsdk.server.tail.TailFeature;
import io.billingsdk.server.tail.TailItem;
import io.billingsdk.server.tax.TaxFeature;
import io.billingsdk.server.tax.TaxHooks;
import io.billingsdk.server.whatif.WhatIfFeature;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The features of a server whose API a test asks. */
final class ServedFeatures {
  private ServedFeatures() {}

  /** What is served, of features that are not started. */
  static HttpContent idle(Database database, WriteProbe writes, Path directory) {
    LiveTail tail = new LiveTail(database, new Notifications(database));
    StreamTiming timing = StreamTiming.of(HttpSettings.STREAM_SILENCE);
    TestIntake intake = TestIntake.idle(database);
    Feature.Platform platform =
        new Feature.Platform(database, new Secrets(directory.resolve("own")));
    List<Feature> above =
        List.of(
            intake.feature(tail, timing, 500),
            new CostsFeature(platform),
            new PerformanceFeature(platform),
            new AlertsFeature(platform),
            new RecordsFeature(intake::records),
            new StatisticsFeature(platform),
            new UsesFeature(platform, intake::records),
            new UsagePageFeature(platform, directory.resolve("documents")));
    Signs signs = new Signs(() -> true, () -> true, writes, () -> 0);
    return content(tail, signs, above, database, directory, ProviderRequests.SETTINGS);
  }

  /**
   * What is served.
   *
   * @param above features that others do not stand on, some of them with hooks of the ledger
   */
  static HttpContent content(
      LiveTail tail,
      Signs signs,
      List<Feature> above,
      Database database,
      Path directory,
      ProviderSettings providers) {
    TaxFeature tax = new TaxFeature(database, TaxHooks.NONE);
    List<Feature> own =
        List.of(
            new KeysFeature(new KeyVault(new Secrets(directory.resolve("own")))),
            new LedgerFeature(
                LedgerHooks.appender(above),
                event -> tail.offer(List.of(TailItem.Usage.of(event)))),
            new CustomersFeature(),
            new CatalogFeature(),
            new StreamsFeature(),
            new SealsFeature(database, SealFiles.in(directory.resolve("own"), null)),
            new SubscriptionsFeature(
                database, List.of(new EntitlementsFeature(database).listener())),
            tax,
            new CreditsFeature(database),
            new InvoicesFeature(database, tax.calculator()),
            new PaymentsFeature(database),
            new DunningFeature(database, ChargeAttempts.NONE),
            new ProvidersFeature(
                new Feature.Platform(database, new Secrets(directory.resolve("own"))), providers),
            new DocumentsFeature(database, directory.resolve("documents")),
            new NotificationsFeature(
                new Feature.Platform(database, new Secrets(directory.resolve("own"))),
                NotificationSettings.NONE,
                MailAttachments.NONE),
            new ReportsFeature(database, directory.resolve("documents"), null),
            new RevenueFeature(database),
            new ReconcileFeature(),
            new WhatIfFeature(),
            new ComparisonFeature(),
            new MarginFeature(CostSource.Factory.NONE),
            new PrivacyFeature(
                new Feature.Platform(database, new Secrets(directory.resolve("own")))),
            new ForecastFeature(),
            new AnomaliesFeature(database),
            new AuditFeature(),
            new TailFeature(tail),
            new QuotasFeature(
                new Feature.Platform(database, new Secrets(directory.resolve("own")))),
            new HealthFeature(
                signs, new Counts(), Map.of("server", database, "requests", database)));
    List<Feature> features = Stream.concat(own.stream(), above.stream()).toList();
    return new HttpContent(
        features.stream().flatMap(each -> each.routes().stream()).toList(),
        features.stream().flatMap(each -> each.pages().stream()).toList(),
        features.stream().flatMap(each -> each.metrics().stream()).toList(),
        features.stream().map(Feature::openApi).flatMap(Optional::stream).toList());
  }
}
