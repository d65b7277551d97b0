package io.billingsdk.server.quotas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.catalog.RateTerms;
import io.billingsdk.server.entitlements.TermsVersion;
import io.billingsdk.server.entitlements.TermsVersion.Changes;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;

/** What is remembered of keys is forgotten by what concerns it, and by nothing beside it. */
class RuleCacheTest extends KeyQuotaFixture {
  private static final List<String> KEYS = List.of("k_1", "k_2", "k_3");

  private final List<String> loaded = new ArrayList<>();
  private Runnable beforeItIsRemembered = () -> {};

  private RuleCache cache() {
    for (String each : List.of("k_2", "k_3")) {
      keys.importKey(each, "sk-" + each, "acme", KeyEntitlements.UNLIMITED, /* legacy= */ false);
    }
    return new RuleCache(new Watched(quotas.source()));
  }

  private KeyTerms require(RuleCache cache) {
    return java.util.Objects.requireNonNull(terms(cache).get(KEY));
  }

  private Map<String, KeyTerms> terms(RuleCache cache) {
    loaded.clear();
    return database.read(handle -> cache.terms(handle, KEYS));
  }

  @Test
  void changeOfOneKey_forgetsThatKeyAlone() {
    RuleCache cache = cache();
    assertThat(terms(cache)).hasSize(3);
    assertThat(loaded).containsExactlyElementsOf(KEYS);
    var unused = terms(cache);
    assertThat(loaded).isEmpty();
    limit("calls", 10, null, /* overage= */ false);

    assertThat(require(cache).rules()).hasSize(1);
    assertThat(loaded).containsExactly(KEY);
  }

  @Test
  void changeThatIsRolledBack_isSeenByItsTransaction_andNotRememberedForALaterChange() {
    RuleCache cache = cache();
    var unused = terms(cache);
    assertThatThrownBy(() -> database.useTransaction(handle -> expireAndFail(handle, cache)))
        .hasMessage("planted");
    // The next change has the version of the one that was rolled back.
    keys.expire("k_2", Instant.now().plusSeconds(60));

    assertThat(require(cache).expiresAtMillis()).isNull();
  }

  private void expireAndFail(Handle handle, RuleCache cache) {
    new KeyAdmin(database.within(handle), null).expire(KEY, Instant.now().plusSeconds(60));
    assertThat(cache.terms(handle, KEY).expiresAtMillis()).isNotNull();
    throw new IllegalStateException("planted");
  }

  @Test
  void readThatAChangeOvertakes_isNotRemembered() {
    RuleCache cache = cache();
    beforeItIsRemembered =
        () -> {
          beforeItIsRemembered = () -> {};
          limit("calls", 10, null, /* overage= */ false);
          // Somebody else forgets what has changed, and does not find what is being read.
          var unused = database.read(handle -> cache.terms(handle, "k_3"));
        };
    var unused = terms(cache);

    assertThat(require(cache).rules()).hasSize(1);
  }

  @Test
  void event_afterItsKeyHasAnotherQuota_countsToThatOne() throws Exception {
    limit("calls", 10, null, /* overage= */ false);
    use(2);
    limit("usage", 10, null, /* overage= */ false);
    use(1);

    assertThat(
            number(
                "SELECT sum(settled)::bigint FROM quota_counter_shard WHERE quota_id = '"
                    + CALLS
                    + "'"))
        .isEqualTo(2);
    assertThat(state().used()).isEqualByComparingTo("1");
  }

  /** Notes which keys are read. */
  private final class Watched implements QuotaSource {
    private final QuotaSource source;

    Watched(QuotaSource source) {
      this.source = source;
    }

    @Override
    public TermsVersion version(Handle handle) {
      return source.version(handle);
    }

    @Override
    public Changes changes(Handle handle, TermsVersion since) {
      return source.changes(handle, since);
    }

    @Override
    public Map<String, KeyTerms> ofKeys(Handle handle, Collection<String> keyIds) {
      Map<String, KeyTerms> found = source.ofKeys(handle, keyIds);
      loaded.addAll(new TreeSet<>(keyIds));
      beforeItIsRemembered.run();
      return found;
    }

    @Override
    public Map<String, QuotaRule> byIds(Handle handle, Collection<String> ids) {
      return source.byIds(handle, ids);
    }

    @Override
    public Map<String, List<String>> keysOf(Handle handle, Collection<String> ids) {
      return source.keysOf(handle, ids);
    }

    @Override
    public Optional<RateTerms> rate(Handle handle, String keyId) {
      return source.rate(handle, keyId);
    }

    @Override
    public List<QuotaRule> ofCustomer(Handle handle, String customer) {
      return source.ofCustomer(handle, customer);
    }
  }
}
