package io.billingsdk.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Compares ledger days with their seals. Thread-safe. */
public final class SealVerifier {
  private final PublicKey key;

  /** A verifier with the public key of the sealer. */
  public SealVerifier(PublicKey key) {
    this.key = key;
  }

  /**
   * The findings of a day; none if it is as it was sealed.
   *
   * @param day the rows as they are now
   * @param seal the seal of the day
   * @param before the seal of the day before, empty if this is the first one
   */
  public List<SealFinding> verify(LedgerDay day, DaySeal seal, Optional<DaySeal> before) {
    List<SealFinding> findings = new ArrayList<>();
    if (!day.day().equals(seal.day())) {
      findings.add(new SealFinding(day.day(), SealFinding.Kind.MISSING, ""));
      return findings;
    }
    if (!isGenuine(seal)) {
      findings.add(new SealFinding(day.day(), SealFinding.Kind.FORGED, ""));
    }
    if (!seal.before().equals(before.map(DaySeal::digest).orElse(DaySeal.FIRST))) {
      findings.add(new SealFinding(day.day(), SealFinding.Kind.UNCHAINED, ""));
    }
    findings.addAll(new RowComparison(day.day(), seal.entries(), Sealer.entries(day)).findings());
    return findings;
  }

  /** Whether the key signed the seal, and its digest is that of its entries. */
  public boolean isGenuine(DaySeal seal) {
    return Digests.day(seal.day(), seal.before(), seal.entries()).equals(seal.digest())
        && isSigned(seal);
  }

  private boolean isSigned(DaySeal seal) {
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
