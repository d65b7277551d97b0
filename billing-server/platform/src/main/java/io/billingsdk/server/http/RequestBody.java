package io.billingsdk.server.http;

import io.billingsdk.server.http.Problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The body of a request, in UTF-8 and as it was before it was compressed. */
final class RequestBody {
  /** What one may have as it is sent: what cannot be compressed grows by it. */
  static final int SENT_BYTES = Request.BODY_BYTES + 1024;

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*(\"[^\"]*\"|[^;]*)", Pattern.CASE_INSENSITIVE);

  private RequestBody() {}

  /**
   * Refuses one that would be read as something else than it is.
   *
   * @throws ProblemException for another charset, another encoding, or a header twice
   */
  static void requireReadable(Call call) {
    List<String> types = call.headers("Content-Type");
    if (types.size() > 1) {
      throw Request.invalid("Content-Type", "given once");
    }
    if (types.size() == 1) {
      Matcher charset = CHARSET.matcher(types.get(0));
      while (charset.find()) {
        if (!charset.group(1).replace("\"", "").strip().equalsIgnoreCase("utf-8")) {
          throw new ProblemException(Problem.charset());
        }
      }
    }
    boolean unused = isCompressed(call);
  }

  /**
   * All of it, expanded.
   *
   * @throws ProblemException when it is too long, or not compressed as it says
   */
  static byte[] bytes(Call call) {
    byte[] sent = call.body();
    byte[] bytes = isCompressed(call) ? expanded(sent) : sent;
    if (bytes.length > Request.BODY_BYTES) {
      throw new ProblemException(Problem.ofStatus(413));
    }
    return bytes;
  }

  private static byte[] expanded(byte[] sent) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(sent))) {
      return in.readNBytes(Request.BODY_BYTES + 1);
    } catch (IOException malformed) {
      throw new ProblemException(
          Problem.malformedBody("it is not compressed with gzip, as Content-Encoding says"));
    }
  }

  /** Whether it is compressed. */
  static boolean isCompressed(Call call) {
    List<String> encodings = call.headers("Content-Encoding");
    if (encodings.isEmpty()) {
      return false;
    }
    if (encodings.size() == 1) {
      switch (encodings.get(0).strip().toLowerCase(Locale.ROOT)) {
        case "identity" -> {
          return false;
        }
        case "gzip", "x-gzip" -> {
          return true;
        }
        default -> {}
      }
    }
    throw new ProblemException(Problem.contentEncoding());
  }
}
