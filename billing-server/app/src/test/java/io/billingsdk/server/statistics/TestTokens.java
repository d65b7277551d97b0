package io.billingsdk.server.statistics;

import io.billingsdk.server.db.Secrets;
import io.billingsdk.server.statistics.HolderTokens.Claims;
import java.time.Instant;

/** Tokens as somebody with the secret of an installation could make them. */
public final class TestTokens {
  private final HolderTokens tokens;

  /** Of an installation. */
  public TestTokens(Secrets secrets) {
    this.tokens = new HolderTokens(secrets.of("statistics"));
  }

  private Claims claims(String token) {
    return tokens.read(token).orElseThrow(() -> new AssertionError("not ours: " + token));
  }

  /** The same that has expired. */
  public String expired(String token) {
    Claims claims = claims(token);
    Instant past = Instant.now().minusSeconds(1);
    return tokens.sign(new Claims(claims.kind(), claims.keyNo(), claims.person(), past));
  }

  /** The same by a key that does not exist yet. */
  public String ofAnotherKey(String token) {
    Claims claims = claims(token);
    return tokens.sign(
        new Claims(claims.kind(), claims.keyNo() + 77, claims.person(), claims.expiresAt()));
  }

  /** How the events of the ledger name its person. */
  public String session(String token) {
    return Person.session(claims(token).person());
  }
}
