/** Tests of operators, tokens and the audit log. */
@NullMarked
package io.billingsdk.server.access;

import org.jspecify.annotations.NullMarked;
