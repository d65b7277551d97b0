package io.billingsdk.internal.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KeyHasherTest {

  /**
   * Of {@code openssl mac -macopt hexkey:000102030405060708090a0b0c0d0e0f -macopt size:16 -macopt
   * c-rounds:1 -macopt d-rounds:3 SIPHASH}.
   */
  @ParameterizedTest
  @CsvSource({
    "'', e77ebcb22788a5befd62db6add303001",
    "sk-01234, f56113a3e6c99f58d1453d822d61dedd",
    "sk-01234567, 852313e9d36371fa42ff919cffb99d7d",
    "sk-0123456789-abcdef, 453219a4b5555289d1126e1d2cef34bb",
    "sk-0123456789-secret, c67c52afa7d28ad2ad92fdf7e89d965c",
  })
  void hash_underTheKeyOfTheReference_isTheReferences(String text, String expected) {
    KeyHash hash =
        new KeyHasher(0x0706050403020100L, 0x0f0e0d0c0b0a0908L).hash(text.getBytes(US_ASCII));
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
    byte[] text = "sk-1".getBytes(US_ASCII);
    assertThat(KeyHasher.random().hash(text)).isNotEqualTo(KeyHasher.random().hash(text));
  }
}
