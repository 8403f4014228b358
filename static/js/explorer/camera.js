// The camera: what it sees, live in a dialog; the square in its middle becomes the picture.

import { find, onAction } from "../draw/dom.js";
import { say } from "../words.js";

const SIDE = 512; // pixels of what is taken, at most
const QUALITY = 0.95;

/** Why there is no camera, by what the browser calls it. @type {Record<string, string>} */
const FAULTS = {
  NotAllowedError: say("explorer.camera_refused"),
  SecurityError: say("explorer.camera_refused"),
  NotFoundError: say("explorer.camera_absent"),
  OverconstrainedError: say("explorer.camera_absent"),
  NotReadableError: say("explorer.camera_busy"),
};

export class Camera {
  #dialog = find("#camera-dialog", HTMLDialogElement);
  #video = find('[data-role="camera-video"]', HTMLVideoElement);
  /** @type {MediaStream | null} */ #stream = null;
  #isAsking = false; // whether a person is being asked for permission

  /** @param {(file: File) => void} take */
  constructor(take) {
    this.take = take;
    onAction("take-picture", () => this.#shoot());
    this.#dialog.addEventListener("close", () => this.#stop());
  }

  /** Show what the camera sees. @returns {Promise<string>} why it cannot be seen, where it cannot */
  async open() {
    if (!navigator.mediaDevices?.getUserMedia) return isSecureContext ? FAULTS.NotFoundError : say("explorer.camera_insecure");
    if (this.#isAsking) return "";
    this.#isAsking = true;
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch (error) {
      return FAULTS[error instanceof Error ? error.name : ""] ?? say("explorer.camera_fails");
    } finally {
      this.#isAsking = false;
    }
    this.#video.srcObject = this.#stream;
    this.#dialog.showModal();
    await this.#video.play();
    return "";
  }

  #stop() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }

  async #shoot() {
    const { videoWidth, videoHeight } = this.#video;
    const least = Math.min(videoWidth, videoHeight);
    if (!least) return;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.min(SIDE, least);
    const [left, top] = [(videoWidth - least) / 2, (videoHeight - least) / 2];
    canvas.getContext("2d")?.drawImage(this.#video, left, top, least, least, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    this.#dialog.close();
    if (blob) this.take(new File([blob], "camera.jpg", { type: blob.type }));
  }
}
