package io.billingsdk.protocol;

import java.io.IOException;

/** A message that is not what the protocol says. Its text quotes nothing of the content. */
public final class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedMessageException(String what) {
    super(what);
  }
}
