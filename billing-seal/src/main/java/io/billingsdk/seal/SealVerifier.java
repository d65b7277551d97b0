package io.billingsdk.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Optional;

/** Compares ledger days with their seals. Thread-safe. */
public final class SealVerifier {
  private final PublicKey key;

  /** A verifier with the public key of the sealer. */
  public SealVerifier(PublicKey key) {
    this.key = key;
  }

  /**
   * Begins to compare a day with its seal.
   *
   * @param seal the seal of the day
   * @param before the seal of the day before, empty if this is the first one
   * @param entries of the day as they were kept when it was sealed, in their order; they are read
   *     along with the rows. Empty when they are lost: then a difference is noticed, and no row is
   *     named
   */
  public DayCheck check(
      DaySeal seal, Optional<DaySeal> before, Optional<Iterator<SealEntry>> entries) {
    boolean isChained = seal.before().equals(before.map(DaySeal::digest).orElse(DaySeal.FIRST));
    return new DayCheck(seal, isSigned(seal), isChained, entries);
  }

  /** Whether entries are those of the seal, none left out and in their order. */
  public static boolean isListOf(DaySeal seal, Iterator<SealEntry> entries) {
    DayDigest digest = new DayDigest(seal.day(), seal.before());
    entries.forEachRemaining(digest::add);
    return digest.end().equals(seal.digest());
  }

  /** Whether the key signed the digest of the seal. */
  public boolean isSigned(DaySeal seal) {
    try {
      Signature signature = Signature.getInstance(Sealer.ALGORITHM);
      signature.initVerify(key);
      signature.update(seal.digest().getBytes(StandardCharsets.US_ASCII));
      return signature.verify(HexFormat.of().parseHex(seal.signature()));
    } catch (SignatureException | IllegalArgumentException e) {
      // Bytes that are no signature at all.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("key must be a public key of Ed25519", e);
    }
  }
}
