package io.billingsdk.grpc;

import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;

/** How a call can end. */
enum Ending {
  NORMAL(Code.OK),
  HANDLER_ERROR(Code.INVALID_ARGUMENT),
  HANDLER_EXCEPTION(Code.UNKNOWN),
  CLIENT_CANCEL(Code.CANCELLED),
  DEADLINE(Code.DEADLINE_EXCEEDED),
  TRANSPORT_CUT(Code.CANCELLED),
  SERVER_SHUTDOWN(Code.CANCELLED),
  REVOCATION(Code.PERMISSION_DENIED);

  private final Code status;

  Ending(Code status) {
    this.status = status;
  }

  /** The status that the event is to name. A unary call outlives the blocking of its key. */
  Code status(MethodType kind) {
    return this == REVOCATION && kind == MethodType.UNARY ? Code.OK : status;
  }

  /** Whether the handler ends the call by itself, as soon as it has its requests. */
  boolean byHandler() {
    return this == NORMAL || this == HANDLER_ERROR || this == HANDLER_EXCEPTION;
  }
}
