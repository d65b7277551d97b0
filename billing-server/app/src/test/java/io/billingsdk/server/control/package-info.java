/** Tests of the package. */
@NullMarked
package io.billingsdk.server.control;

import org.jspecify.annotations.NullMarked;
