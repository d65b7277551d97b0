package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.common.Counts;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.db.WriteProbe;
import io.billingsdk.server.feature.Feature.Platform;
import io.billingsdk.server.health.HealthFeature;
import io.billingsdk.server.health.HealthFeature.Signs;
import io.billingsdk.server.tail.LiveTail;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of the features without a server is what a server does with them. */
class ServerFeaturesTest {
  private static final DatabaseAddress NOWHERE =
      new DatabaseAddress("jdbc:postgresql://localhost:1/x", "x", "x");

  @TempDir Path directory;

  @Test
  void schema_withoutAServer_isThatOfItsFeatures() {
    try (WriteProbe writes = WriteProbe.of(NOWHERE)) {
      Features features = features(writes);

      assertThat(features.appendOnlyTables())
          .containsExactlyInAnyOrderElementsOf(ServerSchema.appendOnlyTables());
      assertThat(ServerSchema.tables()).containsAll(features.tables());
      assertThat(ServerSchema.with(features.migrations()))
          .containsExactlyElementsOf(ServerSchema.migrations());
    }
  }

  /** None is started: nothing connects to this database. */
  private Features features(WriteProbe writes) {
    Database database = Database.unpooled(NOWHERE);
    Signs signs = new Signs(() -> true, () -> true, writes, () -> 0);
    Shared shared =
        new Shared(
            new LiveTail(database, new Notifications(database)),
            () -> {
              throw new AssertionError("nothing is started");
            },
            new HealthFeature(signs, new Counts(), Map.of()));
    return ServerFeatures.of(
        ServerSettings.in(directory),
        new Platform(database, new Secrets(directory)),
        shared,
        List.of());
  }
}
