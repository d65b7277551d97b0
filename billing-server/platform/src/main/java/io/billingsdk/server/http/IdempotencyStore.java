package io.billingsdk.server.http;

import io.billingsdk.server.common.InstallationException;
import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.common.ServerException;
import io.billingsdk.server.db.ResultRow;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;

/**
 * Answers to requests with an idempotency key, kept for a day: a caller who repeats such a request,
 * since the answer did not arrive, gets that answer, and nothing is done twice. The answer is
 * written in the transaction of what was done.
 *
 * <p>An answer may hold a key that was just created, and the database must know only the hash of a
 * key. So it is encrypted, under a key that follows from the caller's token: without the token,
 * which the database has not either, nobody reads it. For one thread.
 */
final class IdempotencyStore {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final String MAC = "HmacSHA256";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private static final String OLD = "answered_at < now() - interval '24 hours'";
  private static final String FORGET_OWN =
      "DELETE FROM http_answer WHERE token_id = :token AND idempotency_key = :key AND " + OLD;
  private static final String FORGET_SOME =
      "DELETE FROM http_answer WHERE ctid = ANY (ARRAY(SELECT ctid FROM http_answer WHERE "
          + OLD
          + " LIMIT 100 FOR UPDATE SKIP LOCKED))";
  private static final String FIND =
      "SELECT request, answer FROM http_answer WHERE token_id = :token AND idempotency_key = :key";
  private static final String KEEP =
      "INSERT INTO http_answer (token_id, idempotency_key, request, answer)"
          + " VALUES (:token, :key, :request, :answer)";

  private final Handle handle;
  private final String tokenId;
  private final SecretKeySpec secret;
  private final String key;
  private final SecureRandom random = new SecureRandom();

  /**
   * Of one key of one token.
   *
   * @param handle whose transaction does what the request asks for
   * @param tokenId names the token
   * @param token the token itself, which is not kept
   * @param key 1 to 256 printable characters
   */
  IdempotencyStore(Handle handle, String tokenId, String token, String key) {
    this.handle = handle;
    this.tokenId = tokenId;
    this.key = key;
    this.secret = secret(token);
  }

  /**
   * The answer to the same request before; empty when it is new. A repetition at the same time
   * waits here until this transaction ends.
   *
   * @param request hash of the method, the path and the body
   * @throws ServerException when the key was used for another request
   */
  Optional<byte[]> answer(byte[] request) {
    handle
        .createUpdate("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")
        .bind("name", "billing.repetition " + tokenId + " " + key)
        .execute();
    forget();
    return handle
        .createQuery(FIND)
        .bind("token", tokenId)
        .bind("key", key)
        .map(ResultRow.to(row -> answer(row, request)))
        .findFirst();
  }

  private byte[] answer(ResultRow kept, byte[] request) {
    if (!Arrays.equals(kept.bytes("request"), request)) {
      throw RequestRefusedException.keyReused(
          "Idempotency-Key", "the key was used for another request within 24 hours");
    }
    return open(kept.bytes("answer"));
  }

  /** Ours if it is too old, and some others; what somebody else forgets just now, they forget. */
  private void forget() {
    handle.createUpdate(FORGET_OWN).bind("token", tokenId).bind("key", key).execute();
    handle.execute(FORGET_SOME);
  }

  /** Keeps the answer to a new request. */
  void keep(byte[] request, byte[] answer) {
    handle
        .createUpdate(KEEP)
        .bind("token", tokenId)
        .bind("key", key)
        .bind("request", request)
        .bind("answer", seal(answer))
        .execute();
  }

  private byte[] seal(byte[] answer) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(answer);
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE_BYTES, sealed.length);
      return whole;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + CIPHER, impossible);
    }
  }

  private byte[] open(byte[] sealed) {
    try {
      return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES))
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException foreign) {
      throw new InstallationException("an answer that was kept cannot be opened", foreign);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, secret, new GCMParameterSpec(TAG_BITS, nonce));
    // An answer that was moved to another row does not open.
    cipher.updateAAD((tokenId + " " + key).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static SecretKeySpec secret(String token) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), MAC));
      return new SecretKeySpec(
          mac.doFinal("billing answers".getBytes(StandardCharsets.UTF_8)), "AES");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JVM has " + MAC, impossible);
    }
  }
}
