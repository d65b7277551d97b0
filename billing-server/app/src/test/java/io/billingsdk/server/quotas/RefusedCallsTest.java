package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.access.Actor;
import io.billingsdk.server.control.InstanceLeases.RefusalCount;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.ingest.Testbed;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.quotas.RefusedCalls.AppTime;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class RefusedCallsTest {
  @Test
  void counts_thatComeTwiceOrLate_areCountedOnce_atTheTimeTheyAreSaid() throws SQLException {
    try (Database database = Testbed.get().world().database()) {
      KeyAdmin keys = new KeyAdmin(database, null, new Actor("tester"));
      keys.createApp("acme", "acme");
      keys.importKey("k", "sk-acme", "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
      Refusals refusals = new Refusals(database, Clock.systemUTC());
      UUID stream = UUID.randomUUID();
      for (long said : new long[] {3, 5, 5, 4, 9}) {
        refusals.count("i", stream, List.of(new RefusalCount("k", "QUOTA", said)));
      }
      refusals.count("i", UUID.randomUUID(), List.of(new RefusalCount("k", "RATE", 2)));
      refusals.count("i", stream, List.of(new RefusalCount("unknown", "QUOTA", 8)));

      RefusedCalls calls = new RefusedCalls(database);
      Instant now = Instant.now();
      Duration day = Duration.ofDays(1);
      assertThat(calls.byReason(List.of(new AppTime("acme", now.minus(day), now.plus(day)))))
          .isEqualTo(Map.of("QUOTA", 9L, "RATE", 2L));
      assertThat(
              calls.byReason(
                  List.of(
                      new AppTime("acme", now.minus(day.multipliedBy(2)), now.minus(day)),
                      new AppTime("other", now.minus(day), now.plus(day)))))
          .isEmpty();
    }
  }
}
