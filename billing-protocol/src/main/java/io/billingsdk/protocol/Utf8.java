package io.billingsdk.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Whether bytes are UTF-8, as strictly as the standard has it. A parser of JSON is not strict: it
 * reads overlong forms and halves of pairs, and UTF-16 by its zeros. Two different messages would
 * then hold one identity.
 */
public final class Utf8 {
  private Utf8() {}

  /** Whether these are well-formed UTF-8 without a byte of zero, which no JSON holds as it is. */
  public static boolean isWellFormed(byte[] bytes) {
    boolean ascii = true;
    for (byte each : bytes) {
      if (each == 0) {
        return false;
      }
      ascii &= each > 0;
    }
    return ascii || isDecodable(bytes);
  }

  private static boolean isDecodable(byte[] bytes) {
    try {
      // A new decoder reports what is malformed; that of a String would replace it.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).hasRemaining();
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
