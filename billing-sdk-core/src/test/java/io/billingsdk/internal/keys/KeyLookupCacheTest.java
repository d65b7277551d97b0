package io.billingsdk.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.KeyUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KeyLookupCacheTest {
  private final KeyLookupCache presented = new KeyLookupCache();

  @Test
  void get_ofManyThatWerePut_findsEachAndNoOther() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<KeyHash> hashes = new ArrayList<>();
    List<KnownKey> keys = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      hashes.add(new KeyHash(random.nextLong(), random.nextLong()));
      keys.add(known("k_" + i));
      presented.put(hashes.get(i), keys.get(i));
    }

    assertThat(presented.size()).isEqualTo(5_000);
    for (int i = 0; i < 5_000; i++) {
      KeyHash hash = hashes.get(i);
      assertThat(presented.get(hash.high(), hash.low())).as("seed " + seed).isSameAs(keys.get(i));
      assertThat(presented.get(hash.high() + 1, hash.low())).as("seed " + seed).isNull();
    }
  }

  @Test
  void get_ofHashesThatShareAPlace_tellsThemApart() {
    List<KnownKey> keys = List.of(known("k_0"), known("k_1"), known("k_2"));
    for (int i = 0; i < keys.size(); i++) {
      presented.put(new KeyHash(i, -1L), keys.get(i));
    }

    for (int i = 0; i < keys.size(); i++) {
      assertThat(presented.get(i, -1L)).isSameAs(keys.get(i));
    }
    assertThat(presented.get(keys.size(), -1L)).isNull();
  }

  @Test
  void put_twice_isThereOnce() {
    KnownKey key = known("k_0");
    presented.put(new KeyHash(1, 2), key);
    presented.put(new KeyHash(1, 2), known("k_1"));

    assertThat(presented.size()).isEqualTo(1);
    assertThat(presented.get(1, 2)).isSameAs(key);
  }

  private static KnownKey known(String keyId) {
    KeyUpdate.Entry told = new KeyUpdate.Entry("app", "sk-1", /* blocked= */ false, null);
    return new KnownKey("sha", KeyEntry.of(told, keyId), 0);
  }
}
