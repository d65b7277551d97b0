package io.billingsdk.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;

/** Seals ledger days with a private key, which nothing of this class shows. Thread-safe. */
public final class Sealer {
  static final String ALGORITHM = "Ed25519";

  private final PrivateKey key;

  /**
   * A sealer with a key.
   *
   * @param key of Ed25519; keep it where the database login cannot read it
   */
  public Sealer(PrivateKey key) {
    this.key = key;
  }

  /**
   * Begins to seal a day, which is complete.
   *
   * @param before the seal of the day before, empty for the first one
   */
  public OpenSeal open(LocalDate day, Optional<DaySeal> before) {
    if (before.isPresent() && !before.get().day().isBefore(day)) {
      throw new IllegalArgumentException(
          "day must be after " + before.get().day() + ", but is " + day);
    }
    return new OpenSeal(day, before.map(DaySeal::digest).orElse(DaySeal.FIRST), this::sign);
  }

  private String sign(String digest) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(digest.getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("key must be a private key of Ed25519", e);
    }
  }
}
