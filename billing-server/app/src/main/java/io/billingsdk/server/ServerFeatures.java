package io.billingsdk.server;

import io.billingsdk.server.audit.AuditFeature;
import io.billingsdk.server.catalog.CatalogFeature;
import io.billingsdk.server.customers.CustomersFeature;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Platform;
import io.billingsdk.server.http.HttpSettings.StreamTiming;
import io.billingsdk.server.ingest.IntakeFeature;
import io.billingsdk.server.keys.KeyVault;
import io.billingsdk.server.keys.KeysFeature;
import io.billingsdk.server.ledger.LedgerFeature;
import io.billingsdk.server.streams.StreamsFeature;
import io.billingsdk.server.subscriptions.SubscriptionsFeature;
import io.billingsdk.server.tail.LiveTail;
import io.billingsdk.server.tail.TailFeature;
import io.billingsdk.server.tail.TailItem;
import java.util.ArrayList;
import java.util.List;

/** Lists the features of a server, in the order of their starts. */
final class ServerFeatures {
  private ServerFeatures() {}

  /** The server's own features, a line for each, and those that the server is given. */
  static Features of(
      ServerSettings settings, Platform platform, Shared shared, List<Feature.Factory> more) {
    LiveTail tail = shared.tail();
    List<Feature> all = new ArrayList<>();
    all.add(new KeysFeature(new KeyVault(platform.secrets())));
    all.add(new LedgerFeature(event -> show(tail, TailItem.Usage.of(event))));
    all.add(new StreamsFeature());
    all.add(new CustomersFeature());
    all.add(new CatalogFeature());
    all.add(new SubscriptionsFeature(platform.database(), List.of()));
    all.add(new AuditFeature());
    all.add(new TailFeature(tail));
    all.add(
        new IntakeFeature(
            platform.database(),
            shared.collecting(),
            tail,
            StreamTiming.of(settings.http().streamSilence()),
            settings.http().limits().streamsPerToken()));
    all.add(shared.health());
    more.forEach(each -> all.add(each.of(platform)));
    return new Features(all);
  }

  private static void show(LiveTail tail, TailItem item) {
    if (tail.isWanted()) {
      tail.offer(List.of(item));
    }
  }
}
