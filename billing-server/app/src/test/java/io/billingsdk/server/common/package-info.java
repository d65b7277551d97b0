/** Tests of the package. */
@NullMarked
package io.billingsdk.server.common;

import org.jspecify.annotations.NullMarked;
