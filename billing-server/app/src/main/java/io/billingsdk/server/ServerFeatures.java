package io.billingsdk.server;

import io.billingsdk.server.alerts.AlertsFeature;
import io.billingsdk.server.anomalies.AnomaliesFeature;
import io.billingsdk.server.audit.AuditFeature;
import io.billingsdk.server.catalog.CatalogFeature;
import io.billingsdk.server.comparison.ComparisonFeature;
import io.billingsdk.server.costs.CostsFeature;
import io.billingsdk.server.credits.CreditsFeature;
import io.billingsdk.server.customers.CustomersFeature;
import io.billingsdk.server.documents.DocumentsFeature;
import io.billingsdk.server.dunning.DunningFeature;
import io.billingsdk.server.entitlements.EntitlementsFeature;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Platform;
import io.billingsdk.server.forecast.ForecastFeature;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.ingest.IntakeFeature;
import io.billingsdk.server.invoices.InvoicesFeature;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.KeysFeature;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.server.ledger.LedgerHooks;
import io.billingsdk.server.margin.MarginFeature;
import io.billingsdk.server.notifications.MailAttachments;
import io.billingsdk.server.notifications.NotificationsFeature;
import io.billingsdk.server.payments.PaymentsFeature;
import io.billingsdk.server.performance.PerformanceFeature;
import io.billingsdk.server.performance.RecordsFeature;
import io.billingsdk.server.performance.RetentionFeature;
import io.billingsdk.server.privacy.PrivacyFeature;
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
import java.util.ArrayList;
import java.util.List;

/** Lists the features of a server, in the order of their starts. */
final class ServerFeatures {
  /** The server's own features above the ledger, a line for each: they may have hooks in it. */
  private static final List<Feature.Factory> ABOVE_LEDGER =
      List.of(
          QuotasFeature::new,
          platform ->
              new CostsFeature(platform, List.of(PerformanceFeature.sums(), AlertsFeature.watch())),
          PerformanceFeature::new,
          AlertsFeature::new,
          StatisticsFeature::new);

  private ServerFeatures() {}

  /** The server's own features, a line for each, and those that the server is given. */
  static Features of(
      ServerSettings settings, Platform platform, Shared shared, List<Feature.Factory> more) {
    LiveTail tail = shared.tail();
    List<Feature> above = new ArrayList<>(aboveLedger(platform));
    more.forEach(each -> above.add(each.of(platform)));
    LedgerAppender appender = LedgerHooks.appender(above);
    List<Feature> all = new ArrayList<>();
    all.add(new KeysFeature(new KeyVault(platform.secrets())));
    all.add(new LedgerFeature(appender, event -> show(tail, TailItem.Usage.of(event))));
    all.add(new StreamsFeature());
    SealFiles seals = SealFiles.in(settings.dataDirectory(), settings.sealKey());
    all.add(new SealsFeature(platform.database(), seals));
    all.add(new CustomersFeature());
    all.add(new CatalogFeature());
    EntitlementsFeature entitlements = new EntitlementsFeature(platform.database());
    all.add(new SubscriptionsFeature(platform.database(), List.of(entitlements.listener())));
    all.add(entitlements);
    TaxFeature tax = new TaxFeature(platform.database(), TaxHooks.NONE);
    all.add(tax);
    all.add(new CreditsFeature(platform.database()));
    all.add(new InvoicesFeature(platform.database(), tax.calculator()));
    all.add(new PaymentsFeature(platform.database()));
    ProvidersFeature providers = new ProvidersFeature(platform, settings.providers());
    all.add(new DunningFeature(platform.database(), new RetriedCharges(providers.charges())));
    all.add(providers);
    Path papers = settings.dataDirectory().resolve("documents");
    all.add(new DocumentsFeature(platform.database(), papers));
    ReportsFeature reports =
        new ReportsFeature(platform.database(), papers, settings.notifications().publicUrl());
    all.add(reports);
    MailAttachments files = new InvoiceFiles(platform.database()).and(reports.files());
    all.add(new NotificationsFeature(platform, settings.notifications(), files));
    all.add(new RevenueFeature(platform.database()));
    all.add(new ReconcileFeature());
    all.add(new WhatIfFeature());
    all.add(new ComparisonFeature());
    all.add(new MarginFeature(CostsFeature.source()));
    all.add(new PrivacyFeature(platform));
    all.add(new ForecastFeature());
    all.add(new AnomaliesFeature(platform.database()));
    all.add(new AuditFeature());
    all.add(new TailFeature(tail));
    all.add(
        new IntakeFeature(
            platform.database(),
            appender,
            shared.collecting(),
            tail,
            StreamTiming.of(settings.http().streamSilence()),
            settings.http().limits().streamsPerToken()));
    all.add(new RecordsFeature(() -> shared.collecting().get().records()));
    all.add(new UsesFeature(platform, () -> shared.collecting().get().records()));
    all.add(new UsagePageFeature(platform, papers));
    all.add(new RetentionFeature(platform.database(), settings.retention()));
    all.add(shared.health());
    all.addAll(above);
    return new Features(all, appender);
  }

  /** Makes the server's own features above the ledger. */
  static List<Feature> aboveLedger(Platform platform) {
    return ABOVE_LEDGER.stream().map(each -> each.of(platform)).toList();
  }

  private static void show(LiveTail tail, TailItem item) {
    if (tail.isWanted()) {
      tail.offer(List.of(item));
    }
  }
}
