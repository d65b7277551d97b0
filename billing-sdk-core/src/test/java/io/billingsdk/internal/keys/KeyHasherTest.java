package io.billingsdk.internal.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyHasherTest {

  /**
   * The first is of the reference implementation's vectors; the others are of {@code openssl mac
   * -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:16 SIPHASH}.
   */
  @ParameterizedTest
  @CsvSource({
    "'', a3817f04ba25a8e66df67214c7550293",
    "sk-01234, 61d19e1bf8f35da99ab40d8b0487a7bf",
    "sk-01234567, 66158868643c369bae8350392c2c4a10",
    "sk-0123456789-secret, 9a1ef58aad20276bade642a571120e19",
  })
  void hash_underTheKeyOfTheReference_isTheReferences(String text, String expected) {
    KeyHash hash = new KeyHasher(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).hash(text);
    byte[] bytes =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(hash.high())
            .putLong(hash.low())
            .array();
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(expected);
  }

  @Test
  void random_twice_hashesDifferently() {
    assertThat(KeyHasher.random().hash("sk-1")).isNotEqualTo(KeyHasher.random().hash("sk-1"));
  }
}
