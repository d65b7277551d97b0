package io.billingsdk.internal.link;

import io.billingsdk.ClientStatus.ProblemKind;

/**
 * Why an attempt failed or a connection ended.
 *
 * @param kind the kind of the problem
 * @param message for people; free of secrets
 * @param pace how soon it makes sense to try again
 */
record Failure(ProblemKind kind, String message, Pace pace) {

  /** How soon to try again. */
  enum Pace {
    /** It may pass by itself at any moment. */
    SOON,
    /** The broker has decided against this client: somebody has to change something. */
    RARELY
  }

  static Failure soon(ProblemKind kind, String message) {
    return new Failure(kind, message, Pace.SOON);
  }

  static Failure rarely(ProblemKind kind, String message) {
    return new Failure(kind, message, Pace.RARELY);
  }
}
