package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.keys.KeyAdmin;
import java.time.Duration;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** Plans are remembered by the version of the entitlements alone. */
class PlanCacheTest extends PlanQuotaFixture {
  @Test
  void plan_readInATransactionOfKeysThatIsRolledBack_isNotRememberedForALaterChange() {
    subscribe(TRIAL, "trial");
    use("gpt-4", 1);
    assertThatThrownBy(() -> database.useTransaction(this::changeKeyAndFail)).hasMessage("planted");
    pass(Duration.ofDays(15));
    use("gpt-4", 100);

    assertThat(spent()).isEqualByComparingTo("5");
  }

  private void changeKeyAndFail(Handle handle) {
    new KeyAdmin(database.within(handle), null).expire(KEY, Instant.now().plusSeconds(60));
    assertThat(quotas.source().byId(handle, SPENDING)).isPresent();
    throw new IllegalStateException("planted");
  }
}
