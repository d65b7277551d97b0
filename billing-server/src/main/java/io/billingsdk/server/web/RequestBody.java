package io.billingsdk.server.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** The body of a request, in UTF-8 and as it was before it was compressed. */
final class RequestBody {
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*(\"[^\"]*\"|[^;]*)", Pattern.CASE_INSENSITIVE);
  private static final int BUFFER_BYTES = 8 * 1024;

  private RequestBody() {}

  /**
   * Refuses one that would be read as something else than it is.
   *
   * @throws ProblemException for another charset, another encoding, or a header twice
   */
  static void requireReadable(Context context) {
    List<String> types = headers(context, "Content-Type");
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
    boolean unused = isCompressed(context);
  }

  /** The body as it comes, expanded. */
  static InputStream open(Context context) throws IOException {
    InputStream in = context.req().getInputStream();
    return isCompressed(context) ? new Expanded(in) : in;
  }

  private static boolean isCompressed(Context context) {
    List<String> encodings = headers(context, "Content-Encoding");
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

  private static List<String> headers(Context context, String name) {
    return Collections.list(context.req().getHeaders(name));
  }

  /** Says truly whether there is something to read, so that a line that has come does not wait. */
  private static final class Expanded extends GZIPInputStream {
    private boolean filled;

    Expanded(InputStream in) throws IOException {
      super(in, BUFFER_BYTES);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = super.read(bytes, offset, length);
      filled = read == length;
      return read;
    }

    @Override
    public int available() throws IOException {
      return filled || !inf.needsInput() || in.available() > 0 ? super.available() : 0;
    }
  }
}
