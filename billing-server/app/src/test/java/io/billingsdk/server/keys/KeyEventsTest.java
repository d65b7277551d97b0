package io.billingsdk.server.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.billingsdk.server.access.Actor;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Notifications;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.ingest.Testbed.World;
import io.billingsdk.server.outbox.OutboxDelivery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@Tag("postgres")
class KeyEventsTest {
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @Test
  void block_unblock_remove_addAnEventEach_whichTheLogOfAServerShowsInOrder() throws Exception {
    World world = Testbed.get().world();
    Logger log = (Logger) LoggerFactory.getLogger(KeyEventLog.class);
    log.setLevel(Level.INFO);
    logged.start();
    log.addAppender(logged);
    try (Database database = world.database();
        Notifications notifications = new Notifications(database);
        OutboxDelivery server =
            new OutboxDelivery(database, notifications, List.of(new KeyEventLog()))) {
      notifications.start();
      server.start();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> world.count("SELECT count(*) FROM outbox_subscriber") == 1);
      KeyAdmin keys = new KeyAdmin(database, null, new Actor("ann"));
      keys.createApp("acme", "Acme");
      keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
      keys.block("k_1", "invoice 1042 is overdue");
      keys.unblock("k_1");
      keys.remove("k_1");

      await().atMost(Duration.ofSeconds(60)).until(() -> logged.list.size() == 3);
      assertThat(logged.list.stream().map(ILoggingEvent::getFormattedMessage))
          .containsExactly(
              "the key k_1 of the app acme was blocked by ann: invoice 1042 is overdue",
              "the key k_1 of the app acme was unblocked by ann",
              "the key k_1 of the app acme was removed by ann");
      for (String kind : List.of("blocked", "unblocked", "removed")) {
        assertThat(
                world.count(
                    "SELECT count(*) FROM outbox_event WHERE subject = 'key/k_1' AND actor = 'ann'"
                        + " AND payload->>'appId' = 'acme' AND kind = 'key."
                        + kind
                        + "'"))
            .as(kind)
            .isOne();
      }
      assertThat(world.count("SELECT count(*) FROM outbox_event")).isEqualTo(3);
    } finally {
      log.detachAppender(logged);
      log.setLevel(null);
    }
  }

  @Test
  void block_inATransactionThatIsRolledBack_addsNone() throws Exception {
    World world = Testbed.get().world();
    try (Database database = world.database()) {
      KeyAdmin keys = new KeyAdmin(database, null, new Actor("ann"));
      keys.createApp("acme", "Acme");
      keys.importKey("k_1", "sk-1", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
      assertThatThrownBy(
              () ->
                  database.inTransaction(
                      (handle, connection) -> {
                        new KeyAdmin(database.within(handle), null, new Actor("ann"))
                            .block("k_1", "never");
                        throw new IllegalStateException("planted");
                      }))
          .hasMessage("planted");

      assertThat(world.count("SELECT count(*) FROM outbox_event")).isZero();
      assertThat(world.count("SELECT count(*) FROM api_key WHERE status = 'ok'")).isOne();
    }
  }
}
