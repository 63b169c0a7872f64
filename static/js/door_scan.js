/* The camera as a scanner: the browser's own BarcodeDetector where there is one, else jsQR from this website. */
const PAUSE = 120;

async function reader(decoder) {
  if ("BarcodeDetector" in globalThis) {
    try {
      if ((await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
        const detector = new BarcodeDetector({ formats: ["qr_code"] });
        return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
      }
    } catch { /* the other one, then */ }
  }
  await import(decoder);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    /* Half a megapixel is enough for our small codes, and quick on an old phone. */
    const scale = Math.min(1, 800 / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return globalThis.jsQR(data, width, height)?.data ?? "";
  };
}

/* Start reading codes; `found` gets each new one. Returns a function that ends it. Throws where there is no camera. */
export async function scan(video, decoder, found) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment" } });
  let running = true;
  const stop = () => {
    running = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    const read = await reader(decoder);
    video.srcObject = stream;
    await video.play();
    let last = "";
    let lastAt = 0;
    const look = async () => {
      if (!running) return;
      if (video.videoWidth) {
        const text = await read(video).catch(() => "");
        /* A code stays before the camera for a while: it counts once, and again after it was away. */
        if (text && running && (text !== last || Date.now() - lastAt > 3000)) found(text);
        if (text) {
          last = text;
          lastAt = Date.now();
        }
      }
      setTimeout(look, PAUSE);
    };
    look();
  } catch (problem) {
    stop();
    throw problem;
  }
  return stop;
}
