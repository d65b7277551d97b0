package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.util.concurrent.Executor;

/**
 * Attaches an API key to the calls of a client: {@code stub.withCallCredentials(…)}.
 *
 * <p>It refuses a channel without TLS, where everybody on the way could read the key, unless {@link
 * #allowingPlaintext} says otherwise: such a call fails with UNAUTHENTICATED before anything is
 * sent. Never prints the key. Immutable and thread-safe.
 */
public final class ApiKeyCallCredentials extends CallCredentials {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER);

  private final String apiKey;
  private final boolean plaintextAllowed;

  private ApiKeyCallCredentials(String apiKey, boolean plaintextAllowed) {
    this.apiKey = apiKey;
    this.plaintextAllowed = plaintextAllowed;
  }

  /**
   * Credentials of a key.
   *
   * @param apiKey 1 to 256 printable ASCII characters without space
   * @throws IllegalArgumentException when it is not; the message does not hold it
   */
  public static ApiKeyCallCredentials of(String apiKey) {
    if (!requireNonNull(apiKey, "apiKey").matches("[!-~]{1,256}")) {
      throw new IllegalArgumentException(
          "apiKey must be of 1 to 256 printable ASCII characters without space");
    }
    return new ApiKeyCallCredentials(apiKey, /* plaintextAllowed= */ false);
  }

  /** The same, for channels without TLS too: for tests, and for a mesh that encrypts by itself. */
  public ApiKeyCallCredentials allowingPlaintext() {
    return new ApiKeyCallCredentials(apiKey, /* plaintextAllowed= */ true);
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo request, Executor executor, MetadataApplier applier) {
    if (!plaintextAllowed && request.getSecurityLevel() != SecurityLevel.PRIVACY_AND_INTEGRITY) {
      applier.fail(
          Status.UNAUTHENTICATED.withDescription(
              "an API key is not sent over a channel without TLS"));
      return;
    }
    Metadata headers = new Metadata();
    headers.put(HEADER, apiKey);
    applier.apply(headers);
  }

  @Override
  public String toString() {
    return "ApiKeyCallCredentials[***]";
  }
}
